import { api } from "encore.dev/api";
type Point = [x: number, y: number];
interface Message {
  pair: [string, number];
  point: Point;
  again: Point;
  optional: [string, number?, boolean?];
  labelled: [name: string, age?: number];
  rest: [string, ...number[]];
  middle: [string, ...number[], boolean];
  leading: [...string[], number];
  empty: [];
  readonly: readonly [1, 2, 3];
  nested: [[string, [number]], { deep: Point }];
  choice: ["b" | "a", string | null];
  optionalUnion: [("y" | "x")?];
  points: Point[];
}

export const send = api<Message, Message>({ method: "POST", path: "/send" }, async (message) => message);
