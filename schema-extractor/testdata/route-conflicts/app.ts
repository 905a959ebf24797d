import { api } from "encore.dev/api";

export const byId = api({ method: "GET", path: "/posts/:id" }, async (_: { id: string }) => {});
export const bySlug = api({ method: ["PUT", "GET"], path: "/posts/:slug" }, async (_: { slug: string }) => {});
export const update = api({ method: "PATCH", path: "/posts/:id" }, async (_: { id: string }) => {});
export const anything = api({ method: "*", path: "/posts/:id/" }, async (_: { id: string }) => {});
export const literal = api({ method: "GET", path: "/posts/new" }, async () => {});
