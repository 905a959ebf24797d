import { api } from "encore.dev/api";
export const deep = api({}, async () => {});
