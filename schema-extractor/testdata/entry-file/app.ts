import { api } from "encore.dev/api";
import "./routes.ts";
export const a = api({ path: "/a" }, async () => {});
