import type { Id } from "./ids.ts";
export interface User {
  id: Id<"user">;
  /** As shown to others. */
  name: string;
}
export const roles = ["admin", "guest"] as const;
