import { api } from "encore.dev/api";

export const open = api({ method: "GET", path: "/open", expose: true }, async () => {});
export const closed = api({ method: "GET", path: "/closed", expose: true, auth: true }, async () => {});
