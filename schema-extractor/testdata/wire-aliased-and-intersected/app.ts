import { api, type Header, type Query } from "encore.dev/api";
import type { IsUUID, Max, Min } from "encore.dev/validate";
import type { Authorization as Auth } from "./headers";

type Id = Header<"X-Id">;
type CheckedId = Id & IsUUID;
type Again = CheckedId;
type Size = Query<number, "size"> & Min<1>;
interface Request {
  id: Again;
  size: Size & Max<100>;
  auth?: Auth;
  nullable: Header<"X-Nullable"> | null;
  ruled: Header<string & IsUUID, "X-Ruled">;
  elements: Query<(number & Min<1>)[], "e">;
  both: (Header<"X-Both"> & IsUUID) | undefined;
}
export const call = api({ method: "POST", path: "/call" }, async (_: Request) => {});
