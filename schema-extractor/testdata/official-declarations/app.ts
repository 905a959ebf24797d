import { api, type Cookie, type Header, HttpStatus, type Query } from "encore.dev/api";
import type { IsEmail, IsURL, MatchesRegexp, Max, MaxLen, Min, MinLen, StartsWith, EndsWith } from "encore.dev/validate";
import { Decimal, type DurationString } from "encore.dev/types";
import log from "encore.dev/log";

type Auth = Header<"Authorization">;
type Named<N extends string> = Header<N>;
interface Base { language?: Header<"Accept-Language"> }
interface Request extends Base {
  id: number;
  auth: Auth;
  custom: Named<"X-Custom">;
  count: Header<number, "X-Count">;
  own: Header;
  page?: Query<number>;
  tags: Query<string[], "tag">;
  session: Cookie<"session">;
  title: string & (MinLen<3> & MaxLen<10>);
  contact?: string & (IsEmail | IsURL);
  age: number & Min<1> & Max<9>;
  slug: string & MatchesRegexp<"^a">;
  file: string & StartsWith<"a"> & EndsWith<"z">;
  price: Decimal;
  wait: DurationString;
}
interface Response {
  status: HttpStatus;
  location: Header<"Location">;
  text: string;
}
export const create = api({ method: "POST", path: "/create/:id", expose: true }, async (request: Request): Promise<Response> => {
  log.info("created", { id: request.id });
  return { status: HttpStatus.Created, location: "/", text: request.title };
});
export const picked = api({ method: "GET", path: "/picked" }, async (_: Pick<Request, "auth" | "page"> & Partial<Omit<Request, "id" | "session" | "auth" | "page">>) => {});
