import { api } from "encore.dev/api";

/** @pattern ^[a-z]+$ */
type Slug = string;
interface Person {
  /** @minimum 1 @default 5 */
  id: number;
  slug: Slug;
  deep: { /** @maxLength 9 */ note: string };
  /** @minItems 1 */
  list: Slug[];
}
export const use = api({ method: "POST", path: "/use" }, async (_: { id: Person["id"]; slug?: Person["slug"]; note: Person["deep"]["note"] | null; list: Person["list"]; one: Person["list"][number]; all: Person["id" | "slug"] }) => {});
