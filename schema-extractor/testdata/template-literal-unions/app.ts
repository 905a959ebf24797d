import { api } from "encore.dev/api";
type Size = "sm" | "md";
type Tone = 100 | 200;
interface Message {
  spread: `${Size}-${Tone}`;
  measure: `${number}${"px" | "em" | "rem"}`;
  mixed: "auto" | `${number}%` | `calc(${string})`;
  date: `${number}-${number}-${number}`;
  flags: `${boolean}|${null}|${undefined}`;
  nested: `<${`${"a" | "b"}:${number}`}>`;
  special: `a.b*c?${string}(x)[y]{z}^$|\\/`;
  unit: `${bigint}n` | `0x${string}`;
  any: `${any}!`;
  keys: `get${Capitalize<keyof { name: 1; age: 2 }>}`;
  path: `/${string}/${string}`;
}

export const send = api<Message, Message>({ method: "POST", path: "/send" }, async (message) => message);
