import { api, type Header } from "encore.dev/api";

interface Request { id: string }
export const missing = api({ method: "GET", path: "/missing/:key" }, async (_: Request) => {});
export const none = api({ method: "GET", path: "/none/:id" }, async () => {});
export const list = api({ path: "/list/:ids" }, async (_: { ids: string[] }) => {});
export const object = api({ path: "/object/:where" }, async (_: { where: { x: number } }) => {});
export const nullable = api({ path: "/nullable/:id" }, async (_: { id: string | null }) => {});
export const header = api({ path: "/header/:id" }, async (_: { id: Header<"X-Id"> }) => {});
export const date = api({ path: "/date/:on" }, async (_: { on: Date }) => {});
