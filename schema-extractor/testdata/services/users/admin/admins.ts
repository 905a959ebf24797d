import { api } from "encore.dev/api";
export const admins = api({ method: "GET" }, async () => ({ names: ["root"] }));
