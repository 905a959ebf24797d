import { api, type Cookie, type Header, type Query } from "encore.dev/api";
import type { Max, Min } from "encore.dev/validate";

interface Search {
  id: string;
  /** @default 20 */
  limit: number & Min<1> & Max<100>;
  /** @default ["new"] */
  tags: string[];
  /** @default en */
  language: Header<"Accept-Language">;
  /** @default 3 */
  attempts: Header<number, "X-Attempts">;
  /** @default asc */
  order: Query<"asc" | "desc", "sort-order">;
  /** @default 0 */
  visits: Cookie<number, "visits">;
  /** @default light */
  theme: Cookie<"theme">;
}
export const search = api({ method: "GET", path: "/search/:id" }, async (_: Search) => {});
export const post = api({ method: "POST", path: "/search/:id" }, async (_: Search) => {});
