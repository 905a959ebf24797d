import { api } from "encore.dev/api";
interface User { id: number; name: string; email?: string; role: "admin" | "user" }
class Point { constructor(public x: number, public y: number) {} }
function find(this: { db: string }, id: number, options?: { deep: boolean }): Promise<User | null> { return Promise.resolve(null); }
interface Message {
  partial: Partial<User>;
  required: Required<User>;
  readonly: Readonly<User>;
  pick: Pick<User, "name" | "id">;
  omit: Omit<User, "role">;
  record: Record<"a" | "b", User>;
  exclude: Exclude<User["role"], "admin">;
  extract: Extract<string | number | boolean, number | boolean>;
  nonNullable: NonNullable<User["email"]>;
  parameters: Parameters<typeof find>;
  constructed: ConstructorParameters<typeof Point>;
  returned: Awaited<ReturnType<typeof find>>;
  instance: InstanceType<typeof Point>;
  thisType: ThisParameterType<typeof find>;
  without: Parameters<OmitThisParameter<typeof find>>[0];
  noInfer: NoInfer<User>;
  noInferUnion: NoInfer<"x" | "y">;
  upper: Uppercase<"abc">;
  awaited: Awaited<Promise<Promise<string>>>;
  marker: { a: number } & ThisType<{ b: string }>;
  list: ReadonlyArray<User>;
  key: Exclude<PropertyKey, symbol>;
}

export const send = api<Message, Message>({ method: "POST", path: "/send" }, async (message) => message);
