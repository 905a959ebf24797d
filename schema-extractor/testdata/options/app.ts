import { api, type APIOptions } from "encore.dev/api";
import { basePath, limits, Tag } from "./constants.ts";

const shared = { expose: true, tags: ["shared", Tag.Public] } satisfies APIOptions;
const method = "PATCH";
export const all = api(
  { ...shared, method: ["GET", "PUT"], path: `${basePath}/all`, auth: true, bodyLimit: limits.large, sensitive: !false },
  async () => {},
);
export const any = api({ method: "*", path: basePath + "/any", bodyLimit: null }, async () => {});
export const short = api({ method, path: "/short" as const, bodyLimit: 0, expose: false }, async () => {});
export const constant = api(shared, async () => {});
export const rest = api({ method: "GET", path: "/files/*rest" }, async (_: { rest: string }) => {});
export const fallback = api({ method: "GET", path: "/!missing" }, async (_: { missing: string }) => {});
export const spaced = api({ method: "GET", path: "/with%20space/" }, async () => {});
