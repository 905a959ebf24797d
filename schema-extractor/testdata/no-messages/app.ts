import { api } from "encore-host/api";

/** Does nothing, and says nothing. */
export const ping = api({ expose: true }, async () => {});
export const pong = api({ method: "GET" }, () => ({ pong: true }));
export const nothing = api<void, void>({ path: "/nothing" }, async () => {});
