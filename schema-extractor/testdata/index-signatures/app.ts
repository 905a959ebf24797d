import { api } from "encore.dev/api";
interface Open { id: number; name?: string; [key: string]: number | string | undefined }
interface Dictionary { [word: string]: { count: number } }
interface Numbers { [index: number]: string }
interface Both { [key: string]: string | number; [index: number]: string }
interface Nullable { [key: string]: string | null }
type Lookup = { readonly [K in string]: Date };
interface Message {
  open: Open;
  dictionary: Dictionary;
  numbers: Numbers;
  both: Both;
  nullable: Nullable;
  lookup: Lookup;
  propertyKeys: Record<string | number, boolean>;
  empty: Record<string, never>;
  unknowns: { id: string; [key: string]: unknown };
  merged: Dictionary & { total: { count: number; all: true } };
}

export const send = api<Message, Message>({ method: "POST", path: "/send" }, async (message) => message);
