import { api } from "encore.dev/api";

export const text = api({ path: "/text" }, /** @returns {Promise<string>} */ async () => "");
export const count = api({ path: "/count" }, /** @returns {number} */ () => 1);
export const big = api({ path: "/big" }, /** @returns {bigint | null} */ () => null);
export const either = api({ path: "/either" }, /** @returns {"on" | "off" | { level: number }} */ () => "on");
