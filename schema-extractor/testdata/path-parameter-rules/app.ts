import { api } from "encore.dev/api";
import type { Format, Integer, IsUUID, MatchesRegexp, Max, MaxLen, Min, MinLen, MultipleOf } from "encore.dev/validate";

type Id = number & (Integer & Min<1>);
/** @minimum 1 @maximum 10 */
type Page = number;
export const id = api({ method: "GET", path: "/id/:v" }, async (_: { v: Id }) => {});
export const uuid = api({ method: "GET", path: "/uuid/:v" }, async (_: { v: string & IsUUID }) => {});
export const slug = api({ method: "GET", path: "/slug/:v" }, async (_: { v: string & MatchesRegexp<"^[a-z-]+$"> & MaxLen<20> }) => {});
export const big = api({ method: "GET", path: "/big/:v" }, async (_: { v: bigint & Min<1n> & Max<18446744073709551615n> }) => {});
export const day = api({ method: "GET", path: "/day/:v" }, async (_: { v: string & Format<"date"> }) => {});
export const step = api({ method: "GET", path: "/step/:v" }, async (_: { v: number & MultipleOf<5> }) => {});
export const page = api({ method: "GET", path: "/page/:v" }, async (_: { v: Page }) => {});
export const tagged = api({ method: "GET", path: "/tagged/:v" }, async (_: { /** @pattern ^[0-9]+$ */ v: string }) => {});
export const rest = api({ method: "GET", path: "/rest/*v" }, async (_: { v: string & MinLen<3> }) => {});
