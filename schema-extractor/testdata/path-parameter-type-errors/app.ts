import { api, type Cookie, type Query } from "encore.dev/api";
import { Decimal } from "encore.dev/types";

export const decimal = api({ method: "GET", path: "/decimal/:v" }, async (_: { v: Decimal }) => {});
export const bytes = api({ method: "GET", path: "/bytes/:v" }, async (_: { v: Uint8Array }) => {});
export const partly = api({ method: "GET", path: "/partly/:v" }, async (_: { v: string | string[] }) => {});
export const maybe = api({ method: "GET", path: "/maybe/:v" }, async (_: { v: number | null }) => {});
export const query = api({ method: "POST", path: "/query/:v" }, async (_: { v: Query<number> }) => {});
export const cookie = api({ method: "POST", path: "/cookie/:v" }, async (_: { v: Cookie<"v"> }) => {});
export const record = api({ method: "POST", path: "/record/:v" }, async (_: { v: Record<string, string> }) => {});
