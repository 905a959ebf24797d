import { api } from "encore.dev/api";
const defaults = { theme: "dark", size: 12, flags: { beta: true } };
const roles = ["admin", "user", "guest"] as const;
function load() { return { id: 1, tags: ["a"], at: new Date() }; }
async function fetchUser() { return { name: "Ada", born: 1815 }; }
type Unwrap<T> = T extends Promise<infer U> ? U : T;
interface Message {
  settings: typeof defaults;
  role: (typeof roles)[number];
  loaded: ReturnType<typeof load>;
  user: Awaited<ReturnType<typeof fetchUser>>;
  unwrapped: Unwrap<Promise<number>>;
  parameter: Parameters<typeof Math.max>[0];
  conditional: string extends "a" ? 1 : 2;
  method: `${"get" | "set"}Name`;
}

export const send = api<Message, Message>({ method: "POST", path: "/send" }, async (message) => message);
