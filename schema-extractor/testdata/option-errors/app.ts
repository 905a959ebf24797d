import { api, type Method } from "encore.dev/api";

declare const setting: string;
let changing = "/changing";
const options = () => ({ path: "/x" });
export const a = api({ path: `/a/${setting}` }, async () => {});
export const b = api({ path: changing }, async () => {});
export const c = api(options(), async () => {});
export const d = api({ path: "relative" }, async () => {});
export const e = api({ path: "/e//f" }, async () => {});
export const f = api({ path: "/f?x=1" }, async () => {});
export const g = api({ path: "/g/:id/:id" }, async (_: { id: string }) => {});
export const h = api({ path: "/h/*rest/more" }, async (_: { rest: string }) => {});
export const i = api({ path: "/i/:1" }, async () => {});
export const j = api({ path: "/j", method: "FETCH" as Method }, async () => {});
export const k = api({ path: "/k", bodyLimit: -1 }, async () => {});
export const l = api({ path: "/l", method: [] }, async () => {});
export const m = api({ path: "/m/%zz" }, async () => {});
