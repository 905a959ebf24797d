import { api } from "encore.dev/api";

export const outside = api.static({ path: "/a/*path", dir: "../../elsewhere" });
export const parameter = api.static({ path: "/b/:id", dir: "./files" });
export const status = api.static({ path: "/c/*path", dir: "./files", notFoundStatus: 99, headers: { "X-A": "é" } });
export const same = api({ method: "GET", path: "/c/*rest" }, async (_: { rest: string }) => {});
const hidden = api.static({ path: "/d/*path", dir: "./files" });
