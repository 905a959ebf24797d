import { api } from "encore.dev/api";
export const c = api({ path: "/a" }, async () => {});
const x: number = "";
