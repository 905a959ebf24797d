import { api } from "encore.dev/api";
export const me = api({ method: "GET", path: "/me" }, async () => ({ name: "me" }));
