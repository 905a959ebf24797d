import { api, type Cookie, type Header, HttpStatus, type Query } from "encore.dev/api";

type Trace = Header<"X-Trace">;
interface Base {
  language: Header<"Accept-Language">;
}
interface Request extends Base {
  authorization: Header;
  attempts: Header<number, "X-Attempts">;
  since?: Header<Date, "If-Modified-Since">;
  flag: Header<boolean, "X-Flag">;
  trace?: Trace;
  page: Query<number>;
  tags: Query<string[], "tag">;
  session: Cookie<"session">;
  mode: Header<"fast" | "slow", "X-Mode">;
  body: string;
}
interface Response {
  status: HttpStatus;
  location: Header<"Location">;
  session?: Cookie<number, "visits">;
  nested: { header: Header<"X-Ignored"> };
}
export const create = api({ method: "POST", path: "/create" }, async (request: Request): Promise<Response> => {
  throw new Error(request.body + HttpStatus.Created);
});
export const picked = api({ method: "GET", path: "/picked" }, async (_: Partial<Pick<Request, "attempts" | "language" | "page">>) => {});
