import { api } from "encore.dev/api";

interface Author {
  name: string;
  callback: () => void;
}
interface CreatePost {
  author: Author;
  method(): void;
  tag: symbol;
  impossible: never;
  clash: "a" & "b";
  set: Set<string>;
  map: Map<string, number>;
  pending: Promise<string>;
  pattern: RegExp;
  failure: Error;
  pair: [string, number];
  holes: (string | undefined)[];
  nested: { deep: { list: { on: (event: string) => void }[] } };
  constructor: new () => Author;
  either: string | (() => string);
  byName: Record<string, () => void>;
  "odd name": () => void;
}
export const create = api({ path: "/create" }, async (_: CreatePost): Promise<{ done: () => boolean }> => {
  throw new Error();
});
