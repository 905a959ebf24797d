// @ts-check
import { api } from "encore.dev/api";

/** @type {number} */
const wrong = "text";
export const get = api({ method: "GET" }, async () => ({ wrong }));
