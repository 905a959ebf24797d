import { api } from "encore.dev/api";
type IsString<T> = T extends string ? "yes" : "no";
type Flatten<T> = T extends readonly (infer U)[] ? Flatten<U> : T;
type Json<T> = T extends Date ? string : T extends (infer U)[] ? Json<U>[] : T extends (...args: never[]) => unknown ? never : T extends object ? { [K in keyof T as Json<T[K]> extends never ? never : K]: Json<T[K]> } : T;
type Args<T> = T extends (first: infer A, ...rest: infer R) => infer X ? { first: A; rest: R; returns: X } : never;
class Model { id = 1; at = new Date(); tags = ["a"]; save() {} nested = { when: new Date(), run: () => 1 }; }
interface Message {
  yes: IsString<"a">;
  both: IsString<string | number>;
  flat: Flatten<string[][][]>;
  json: Json<Model>;
  args: Args<(id: number, name: string, more?: boolean) => Date>;
  split: "a-b-c" extends `${infer H}-${infer T}` ? { head: H; tail: T } : never;
  parsed: "42" extends `${infer N extends number}` ? N : never;
  distributed: (string | number) extends infer U ? (U extends string ? "s" : "n") : never;
  excluded: Exclude<string | number | (() => void), Function>;
}

export const send = api<Message, Message>({ method: "POST", path: "/send" }, async (message) => message);
