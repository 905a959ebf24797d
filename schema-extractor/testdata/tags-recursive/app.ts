import { api } from "encore.dev/api";

/** @maxItems 3 */
type Nest = Nest[];
interface Tree {
  /** @minLength 1 */
  name: string;
  /** @maxItems 2 */
  children: Tree[];
  /** @maxItems 1 */
  byName?: Record<string, Tree>[];
}
export const nest = api({ method: "POST", path: "/nest" }, async (_: { nest: Nest }) => {});
export const tree = api({ method: "POST", path: "/tree" }, async (tree: Tree): Promise<Tree> => tree);
