import { api } from "encore.dev/api";

interface Base {
  /** @minimum 1 */
  id: number;
  /** @minLength 1 @maxLength 20 */
  name: string;
  /** @default 10 */
  limit: number;
}
interface Derived extends Base {
  /** @maxLength 5 */
  name: string;
  /** @format email */
  email: string;
}
interface Other {
  /** @maximum 99 */
  id: number;
}
interface Page<T> {
  /** @maxItems 50 */
  items: T[];
  /** @minimum 0 */
  next?: number;
}
export const derived = api({ method: "POST", path: "/derived" }, async (_: Derived) => {});
export const picked = api({ method: "POST", path: "/picked" }, async (_: Pick<Derived, "id" | "limit">) => {});
export const partial = api({ method: "POST", path: "/partial" }, async (_: Partial<Omit<Derived, "limit">>) => {});
export const both = api({ method: "POST", path: "/both" }, async (_: Base & Other) => {});
export const required = api({ method: "POST", path: "/required" }, async (_: Required<Page<string>>) => {});
