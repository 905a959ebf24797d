import { api } from "encore.dev/api";
export const root = api({ method: "GET", path: "/" }, async () => ({ name: "root" }));
