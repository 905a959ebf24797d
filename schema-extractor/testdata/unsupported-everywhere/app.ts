import { api } from "encore.dev/api";

interface Deep {
  ok: string;
  inArray: (() => void)[];
  inTuple: [string, symbol];
  inSet: Set<bigint | (() => void)>;
  inMap: Map<string, Map<string, symbol>>;
  inUnion: string | { run: () => void };
  inRecord: Record<string, { tag: symbol }>;
  inIntersection: { a: string } & { b: () => void };
  optional?: () => void;
  generator: Generator<number>;
  iterable: Iterable<string>;
  promise: Promise<number>;
  like: PromiseLike<number>;
  weak: WeakRef<object>;
  regex: RegExp;
  error: TypeError;
  symbolKeyed: { [Symbol.iterator](): Iterator<number>; kept: number };
  never: never;
  impossible: { kind: "a" } & { kind: "b" };
  newable: new () => Date;
  className: typeof Map;
  module: typeof import("./other.ts");
  proxy: typeof globalThis.JSON;
  abort: AbortSignal;
  key: PropertyKey;
}
export const send = api({ path: "/send" }, async (_: { deep: Deep }): Promise<{ answer: Deep["inTuple"] }> => { throw new Error(); });
