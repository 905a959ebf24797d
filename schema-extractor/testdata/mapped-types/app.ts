import { api } from "encore.dev/api";
interface Source { id: number; name?: string; readonly at: Date }
type Mutable<T> = { -readonly [K in keyof T]-?: T[K] };
type Getters<T> = { [K in keyof T & string as `get${Capitalize<K>}`]: T[K] };
type Boxed<T> = { [K in keyof T]: { value: T[K] } };
type OnlyStrings<T> = { [K in keyof T as T[K] extends string | undefined ? K : never]: T[K] };
type Deep<T> = { [K in keyof T]?: T[K] extends object ? Deep<T[K]> : T[K] };
interface Message {
  mutable: Mutable<Source>;
  getters: Getters<Source>;
  boxed: Boxed<Source>;
  strings: OnlyStrings<Source>;
  deep: Deep<{ a: { b: { c: string } } }>;
  overArray: Boxed<string[]>;
  overUnion: Partial<{ a: string } | { b: number }>;
  byKeys: { [K in "one" | "two" | 3]: K };
  byTemplate: { [K in `x-${string}`]: number };
  mixedKeys: { [K in "fixed" | `on${string}`]: K };
}

export const send = api<Message, Message>({ method: "POST", path: "/send" }, async (message) => message);
