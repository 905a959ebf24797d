import { api } from "encore.dev/api";
type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
type Tree<T> = { value: T; children: Tree<T>[] };
type LinkedList<T> = { head: T; tail: LinkedList<T> } | null;
type DeepPartial<T> = T extends object ? { [K in keyof T]?: DeepPartial<T[K]> } : T;
interface Node { parent?: Node; config: DeepPartial<{ a: { b: string; c: { d: string } } }>; meta: Map<string, Node> }
type Menu = { label: string; items?: Menu[] | Record<string, Menu> };
type Filter = { and: Filter[] } | { or: Filter[] } | { not: Filter } | { field: string; equals: Json };
interface Message {
  json: Json;
  tree: Tree<string>;
  numbers: Tree<number>;
  list: LinkedList<Date>;
  node: Node;
  menu: Menu;
  filter: Filter;
  set: Set<Message>;
}

export const send = api<Message, Message>({ method: "POST", path: "/send" }, async (message) => message);
