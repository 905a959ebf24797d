import { api } from "encore.dev/api";
import type { CamelCase, DelimiterCase, Get, Join, KebabCase, LastArrayElement, Paths, Replace, SnakeCase, Split, StringRepeat, StringSlice, Trim } from "type-fest";

interface Config { server: { port: number; hosts: string[] }; debug?: boolean }
interface Message {
  camel: CamelCase<"foo-bar_baz">;
  snake: SnakeCase<"fooBar">;
  kebab: KebabCase<"FooBar">;
  dotted: DelimiterCase<"fooBar", ".">;
  replaced: Replace<"a-b", "-", "+">;
  split: Split<"a.b.c", ".">;
  joined: Join<["a", 1, "c"], "/">;
  trimmed: Trim<"  x ">;
  repeated: StringRepeat<"ab", 2>;
  sliced: StringSlice<"abcdef", 1, 3>;
  path: Paths<Config>;
  got: Get<Config, "server.port">;
  last: LastArrayElement<["a", "z"]>;
}

export const send = api<Message, Message>({ method: "POST", path: "/send" }, async (message) => message);
