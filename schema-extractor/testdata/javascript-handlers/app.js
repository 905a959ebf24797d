import { api } from "encore.dev/api";

/** @type {(request: { id: number }) => Promise<{ id: number, tags: string[] }>} */
const byType = async ({ id }) => ({ id, tags: [] });
export const typed = api({ method: "GET", path: "/typed/:id" }, byType);

/**
 * @param {{ name: string }} request
 */
async function byParam({ name }) {
  return { name };
}
export const documented = api({ path: "/documented" }, byParam);

function untyped(request) {
  return { all: request, fixed: 1 };
}
export const declared = api({ path: "/declared" }, untyped);
export const search = api({ method: "GET", path: "/search/:kind" }, ({ kind, q, limit = 10 }) => ({ kind, q, limit }));
