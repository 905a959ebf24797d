import { api } from "encore.dev/api";
export const get = api({}, async () => {});
