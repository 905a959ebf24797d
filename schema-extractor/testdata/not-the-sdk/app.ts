import { api as real } from "encore.dev/api";

function api(options: { path: string }, handler: () => void) {
  return { options, handler };
}
export const fake = api({ path: "/fake" }, () => {});
export const shown = real({ path: "/real" }, async () => {});
