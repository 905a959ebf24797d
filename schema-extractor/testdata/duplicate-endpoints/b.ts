import { api } from "encore.dev/api";
export const get = api({ path: "/b" }, async () => {});
