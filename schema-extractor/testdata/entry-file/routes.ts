import { api } from "encore.dev/api";
export const b = api({ path: "/b" }, async () => {});
