import { api } from "encore.dev/api";

type Node =
  | string
  | {
      /** @minLength 3 */
      left: Node;
      right?: Node;
    };
export const tree = api({ method: "POST", path: "/tree" }, async (_: { root: Node }) => {});
