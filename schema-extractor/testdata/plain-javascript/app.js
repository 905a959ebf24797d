import { api } from "encore.dev/api";
import { untyped } from "./helper.mjs";

/**
 * @typedef {object} Post
 * @property {number} id
 * @property {string} title as shown
 * @property {string[]} [tags]
 */

/** Gets a post. */
export const get = api(
  { method: "GET", path: "/posts/:id", expose: true },
  /**
   * @param {{ id: number }} request
   * @returns {Promise<Post>}
   */
  async ({ id }) => ({ id, title: "Hello" }),
);

export const loose = api({ method: "POST", path: "/loose/:id" }, async (request) => ({ got: request.id, all: request }));
export const destructured = api({ method: "GET", path: "/d/:id" }, async ({ id }) => ({ id }));
export const hello = api({ method: "GET", path: "/hello" }, () => ({ message: "hi", sum: untyped(1, 2) }));
