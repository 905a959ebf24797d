import { api } from "encore.dev/api";
interface Tag { name: string }
interface Message {
  names: Set<string>;
  tags: Set<Tag>;
  counts: Map<string, number>;
  byDate: Map<Date, Tag[]>;
  byTag: Map<Tag, Set<number>>;
  readonlySet: ReadonlySet<number>;
  readonlyMap: ReadonlyMap<number, string>;
  either: Set<string> | string[];
  maybe?: Map<string, unknown> | null;
  states: Set<"on" | "off">;
}

export const send = api<Message, Message>({ method: "POST", path: "/send" }, async (message) => message);
