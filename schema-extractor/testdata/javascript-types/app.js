import { api } from "encore.dev/api";
/**
 * @typedef {object} Item
 * @property {number} id
 * @property {[string, number]} pair
 * @property {Set<string>} [tags]
 * @property {`v${number}`} version
 * @property {import("./types.ts").Shared} shared
 */
/** @template T @typedef {{ items: T[], next?: string }} Page */
export const list = api(
  { path: "/list" },
  /** @param {{ filter: Record<string, string> }} request @returns {Promise<Page<Item>>} */
  async (request) => { throw new Error(String(request)); },
);
