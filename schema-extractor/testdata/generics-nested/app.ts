import { api } from "encore.dev/api";
interface Page<T, C = string> { items: T[]; cursor?: C; total: number }
type Maybe<T> = T | null;
type Result<T, E extends { code: string } = { code: string }> = { ok: true; data: T } | { ok: false; error: E };
class Box<T> { constructor(public value: T) {} get size() { return 1; } }
interface Repository<K extends keyof Tables> { rows: Tables[K][]; by: Record<K, number> }
interface Tables { users: { name: string }; posts: { title: string } }
type Keyed<T, K extends keyof T> = { key: T[K]; rest: Omit<T, K> };
interface Message {
  page: Page<Maybe<{ id: number }>>;
  dated: Page<string, Date>;
  result: Result<Page<number>>;
  failed: Result<never>;
  pages: Page<never>;
  box: Box<Box<string>>;
  users: Repository<"users">;
  either: Repository<"users" | "posts">;
  keyed: Keyed<{ id: bigint; name: string }, "id">;
  maybe: Maybe<Maybe<string>>;
}

export const send = api<Message, Message>({ method: "POST", path: "/send" }, async (message) => message);
