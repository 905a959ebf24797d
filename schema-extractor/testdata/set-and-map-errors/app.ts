import { api } from "encore.dev/api";
interface Message {
  functions: Set<() => void>;
  holes: Set<string | undefined>;
  keys: Map<symbol, string>;
  values: Map<string, { run(): void }>;
  weak: WeakMap<object, string>;
  weakSet: WeakSet<object>;
}

export const send = api<Message, Message>({ method: "POST", path: "/send" }, async (message) => message);
