import { api } from "encore.dev/api";
import { defaults, load, Store, table } from "./values.ts";
import * as values from "./values.ts";
interface Message {
  defaults: typeof defaults;
  loaded: ReturnType<typeof load>;
  awaited: Awaited<ReturnType<typeof values.later>>;
  store: InstanceType<typeof Store>;
  row: (typeof table)["rows"][number];
  namespaced: typeof values.inner.limit;
  imported: typeof import("./values.ts").defaults;
  enumKey: keyof typeof values.Level;
  made: ReturnType<typeof values.make<number>>;
}

export const send = api<Message, Message>({ method: "POST", path: "/send" }, async (message) => message);
