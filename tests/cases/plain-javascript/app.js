import { api } from "encore-host/api";

/**
 * @typedef {object} Greeting
 * @property {string} text
 * @property {number} [times]
 */

/**
 * @param {{ name: string, times?: number }} parameters
 * @returns {Promise<Greeting>}
 */
async function greeting({ name, times = 1 }) {
  return { text: `Hello, ${name}`.repeat(times), times };
}

export const greet = api({ method: "GET", path: "/greet/:name", expose: true }, greeting);
