import { api } from "encore.dev/api";

export const bad = api({ path: "no-slash" }, async () => ({ made: new Map<string, string>() }));
export const worse = api({ path: "/x", expose: "yes" }, async () => undeclared);
