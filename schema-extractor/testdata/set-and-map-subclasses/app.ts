import { api } from "encore.dev/api";
class Names extends Set<string> { first(): string | undefined { return this.values().next().value; } }
class Lookup<V> extends Map<string, V> {}
interface Grid extends ReadonlyMap<string, number[]> {}
class Stack extends Array<number> { top(): number | undefined { return this.at(-1); } }
interface JsonArray extends Array<JsonValue> {}
type JsonValue = string | number | boolean | null | JsonArray | { [key: string]: JsonValue };
class Moment extends Date {}
interface Message {
  names: Names;
  lookup: Lookup<boolean>;
  grid: Grid;
  stack: Stack;
  json: JsonValue;
  matched: RegExpMatchArray;
  at: Moment;
}

export const send = api<Message, Message>({ method: "POST", path: "/send" }, async (message) => message);
