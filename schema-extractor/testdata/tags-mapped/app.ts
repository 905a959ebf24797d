import { api } from "encore.dev/api";

interface Form {
  /** @minimum 1 @default 5 */
  count: number;
  /** @minLength 2 */
  title: string;
}
type AsText<T> = { [K in keyof T]: string };
type Nullable<T> = { [K in keyof T]: T[K] | null };
type Listed<T> = { [K in keyof T]: T[K][] };
type Prefixed<T> = { [K in keyof T as `new_${string & K}`]: T[K] };
export const text = api({ method: "POST", path: "/text" }, async (_: AsText<Form>) => {});
export const nullable = api({ method: "POST", path: "/nullable" }, async (_: Nullable<Form>) => {});
export const listed = api({ method: "POST", path: "/listed" }, async (_: Listed<Form>) => {});
export const prefixed = api({ method: "POST", path: "/prefixed" }, async (_: Prefixed<Form>) => {});
