import { api } from "encore.dev/api";
interface Cat { meow: boolean }
interface Dog { bark: boolean; name?: string }
interface Message {
  pet: Cat | Dog;
  scalar: string | number | boolean | null;
  lists: string[] | number[];
  listOrOne: Cat | Cat[];
  dates: Date | bigint | string;
  tuples: [string] | [number, number];
  mixed: "auto" | number | Cat | [Cat, Cat] | null;
  recordOr: Record<string, number> | string;
  anything: string | unknown;
  never: string | never;
}

export const send = api<Message, Message>({ method: "POST", path: "/send" }, async (message) => message);
