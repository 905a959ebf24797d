import { api } from "encore.dev/api";
import type { IsUUID, Min } from "encore.dev/validate";

export const literals = api({ method: "GET", path: "/literals/:v" }, async (_: { v: "day" | "week" | "month" }) => {});
export const numbers = api({ method: "GET", path: "/numbers/:v" }, async (_: { v: 1 | 2 | 3 }) => {});
export const mixed = api({ method: "GET", path: "/mixed/:v" }, async (_: { v: 1 | "one" | true }) => {});
export const me = api({ method: "GET", path: "/me/:v" }, async (_: { v: number | "me" }) => {});
export const ruled = api({ method: "GET", path: "/ruled/:v" }, async (_: { v: (number & Min<1>) | (string & IsUUID) }) => {});
export const bigs = api({ method: "GET", path: "/bigs/:v" }, async (_: { v: bigint | "latest" }) => {});
export const flags = api({ method: "GET", path: "/flags/:v" }, async (_: { v: boolean | "both" }) => {});
