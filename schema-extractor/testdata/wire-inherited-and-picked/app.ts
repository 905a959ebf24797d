import { api, type Cookie, type Header, HttpStatus, type Query } from "encore.dev/api";

interface Traced {
  trace: Header<"X-Trace">;
  session?: Cookie<"session">;
}
interface Paged {
  page?: Query<number>;
  size: Query<number, "page-size">;
}
interface Request extends Traced, Paged {
  text: string;
}
interface Answer {
  status: HttpStatus;
  location?: Header<"Location">;
  id: number;
}
export const inherited = api({ method: "POST", path: "/inherited" }, async (_: Request): Promise<Answer> => ({ status: 201, id: 1 }));
export const picked = api({ method: "POST", path: "/picked" }, async (_: Pick<Request, "trace" | "size" | "text">): Promise<Pick<Answer, "status">> => ({ status: 204 }));
export const omitted = api({ method: "POST", path: "/omitted" }, async (_: Omit<Request, "session" | "page">): Promise<Omit<Answer, "id">> => ({ status: 204 }));
export const partial = api({ method: "POST", path: "/partial" }, async (_: Partial<Request>): Promise<Partial<Answer>> => ({}));
export const required = api({ method: "POST", path: "/required" }, async (_: Required<Paged>): Promise<Readonly<Answer>> => ({ status: 200, location: "/", id: 1 }));
export const joined = api({ method: "POST", path: "/joined" }, async (_: Traced & { body: string } & Pick<Paged, "size">): Promise<Answer & { more: string }> => ({ status: 200, id: 1, more: "" }));
