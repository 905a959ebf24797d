import { api } from "encore.dev/api";
const origin = [0, "zero", true] as const;
type Concat<A extends unknown[], B extends unknown[]> = [...A, ...B];
type Repeat<T, N extends number, R extends T[] = []> = R["length"] extends N ? R : Repeat<T, N, [...R, T]>;
type Nullable<T> = { [K in keyof T]: T[K] | null };
interface Message {
  constant: typeof origin;
  concat: Concat<[string], [number, boolean?]>;
  repeat: Repeat<number, 3>;
  mapped: Nullable<[string, Date]>;
  partial: Partial<[string, number]>;
  required: Required<[string?, number?]>;
  parameters: Parameters<(name: string, age?: number, ...rest: boolean[]) => void>;
  entry: [key: string, value: number][];
  length: [1, 2, 3]["length"];
  first: [string, number][0];
  any: [string, number][number];
}

export const send = api<Message, Message>({ method: "POST", path: "/send" }, async (message) => message);
