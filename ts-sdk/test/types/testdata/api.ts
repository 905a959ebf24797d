import {
  api,
  APIError,
  type CookieWithOptions,
  type Endpoint,
  ErrCode,
  type ErrDetails,
  HttpStatus,
} from "encore-host/api";
import type { Cookie, Header, Query } from "encore-host/api";

interface Post {
  id: number;
  title: string;
}

// Handlers with and without parameters and answers, synchronous and asynchronous.
export const get = api(
  { method: "GET", path: "/post/:id", expose: true },
  async ({ id }: { id: number }): Promise<Post> => ({ id, title: "" }),
);
export const list = api({ method: ["GET", "HEAD"], expose: true }, () => ({ posts: [] as Post[] }));
export const touch = api({ method: "*" }, async () => {});
export const explicit = api<{ id: number }, Post>(
  { auth: true, tags: ["a"], sensitive: true, bodyLimit: null },
  async (params) => ({ id: params.id, title: "" }),
);
export const noAnswer = api<{ id: number }>({ bodyLimit: 1024 }, async (params) => void params.id);
export const noParams = api<void, Post>({}, () => ({ id: 1, title: "" }));
export const either = api({}, (params: { fast: boolean }): Post | Promise<Post> =>
  params.fast ? { id: 1, title: "" } : Promise.resolve({ id: 1, title: "" }),
);
export const maybe = api({}, (params: { id: number }): Promise<Post | null> => Promise.resolve(params.id > 0 ? null : { id: 1, title: "" }));
export const pair = api({}, (): [Post, number] => [{ id: 1, title: "" }, 2]);

export const fails = api({}, () => {
  throw new Error("no");
});
export const failsLater = api({}, async () => {
  throw new Error("no");
});
export const untyped = api({}, async (params: any): Promise<any> => params);

// Endpoints are called as functions, with a promise as answer.
export const post: Promise<Post> = get({ id: 1 });
export const posts: Promise<{ posts: Post[] }> = list();
export const nothing: Promise<void> = touch();
export const one: Promise<Post> = noParams();
export const isEndpoint: Endpoint<{ id: number }, Post> = get;

// @ts-expect-error the parameters are required
void get();
// @ts-expect-error id is a number
void get({ id: "1" });
// @ts-expect-error there are no parameters
void list({ a: 1 });
// @ts-expect-error the answer is a promise
export const notAwaited: Post = get({ id: 1 });
// @ts-expect-error no such method
api({ method: "FETCH" }, () => {});
// @ts-expect-error no such option
api({ route: "/x" }, () => {});
// @ts-expect-error paths are strings
api({ path: 5 }, () => {});
// @ts-expect-error an answer is an object
api({}, () => "text");
// @ts-expect-error an answer is an object, also in a promise
api({}, async () => 5);
// @ts-expect-error parameters are one object
api({}, async (id: number) => ({ id }));
// @ts-expect-error parameters are one object
api({}, async (a: { id: number }, b: { id: number }) => ({ id: a.id + b.id }));
// @ts-expect-error the handler is missing
api({});
// @ts-expect-error the answer isn't what the type says
api<{ id: number }, Post>({}, async () => ({ id: 1 }));

// Errors.
export const error: APIError = APIError.invalidArgument("m", new Error("cause")).withDetails({ field: "a" });
export const code: ErrCode = error.code;
export const details: ErrDetails | undefined = error.details;
export const direct = new APIError(ErrCode.Aborted, "m", undefined, { a: 1 });
// @ts-expect-error codes are those of ErrCode
new APIError("wrong", "m");
// @ts-expect-error a cause is an error
APIError.internal("m", "cause");
// @ts-expect-error the code is fixed
error.code = ErrCode.OK;

// Wire types take and give plain values.
interface Request {
  named: Header<"X-Named">;
  typed: Header<number, "X-Typed">;
  own: Header;
  flag: Header<boolean, "X-Flag">;
  level: Header<"low" | "high", "X-Level">;
  since: Query<Date, "since">;
  tags: Query<string[], "tag">;
  limit?: Query<number>;
  session: Cookie<"session">;
  visits: Cookie<number, "visits">;
}
export const request: Request = {
  named: "a",
  typed: 1,
  own: "b",
  flag: Math.random() > 0.5,
  level: "low",
  since: new Date(),
  tags: ["a"],
  session: { value: "s", httpOnly: true, sameSite: "Lax", expires: new Date() },
  visits: { value: 1 },
};
export const plain: [string, number, string, boolean, "low" | "high", Date, string[]] = [
  request.named,
  request.typed,
  request.own,
  request.flag,
  request.level,
  request.since,
  request.tags,
];
export const cookie: CookieWithOptions<string> = request.session;
export const other: Header<"X-Other"> = request.named;
export const asQuery: Query<"q"> = request.named;
export const cleaned: string = request.named.trim();
export const picked: Pick<Request, "named"> & Partial<Omit<Request, "named">> = { named: "x" };
export const endpoint = api(
  {},
  async (params: Request): Promise<{ status: HttpStatus; location: Header<"Location"> }> => {
    return { status: HttpStatus.Created, location: params.named };
  },
);
// @ts-expect-error a header holds what its type says
export const wrongHeader: Header<number, "X"> = "1";
// @ts-expect-error a header is a string where there is no type
export const wrongName: Header<"X"> = 1;
// @ts-expect-error literals stay literals
export const wrongLevel: Request["level"] = "middle";
// @ts-expect-error a header can't hold an object
export type WrongType = Header<{ a: 1 }, "X">;
// @ts-expect-error names are strings
export type WrongNameType = Header<string, 5>;
// @ts-expect-error no such attribute
export const wrongCookie: Cookie<"c"> = { value: "", secret: true };
// @ts-expect-error with exactOptionalPropertyTypes, absent is not undefined
export const wrongOptional: Pick<Request, "limit"> = { limit: undefined };

// Statuses are numbers, but not any.
export const status: HttpStatus = 204;
export const number: number = status;
export const created: 201 = HttpStatus.Created;
// @ts-expect-error no such status
export const wrongStatus: HttpStatus = 299;
// @ts-expect-error no such name
HttpStatus.Fine;
