export type Status = "new" | "old";
/** A post. */
export interface Post {
  id: number;
  status: Status;
}
