import { api } from "encore.dev/api";

type Kind = "post" | "page";
interface Request { id: number; slug: string; draft: boolean; version: bigint; kind: Kind }
export const ok = api({ method: "GET", path: "/ok/:id/:slug/:draft/:version/:kind" }, async (_: Request) => {});
