import { api } from "encore.dev/api";

export const get = api({ path: "/get" }, async () => {
  return { ok: true ;
});
