import { api } from "encore.dev/api";
import { missing } from "./nowhere";
import left from "left-pad";

const broken: number = "text";
interface Request {
  id: string;
  run: () => void;
}
const hidden = api({ path: "/hidden" }, async () => ({ ok: true }));
export const get = api({ method: "GET", path: "/get/:key" }, async (_: Request) => ({ ok: missing, left }));
