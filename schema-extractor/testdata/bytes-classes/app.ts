import { api } from "encore.dev/api";
interface Message { array: Uint8Array; raw: ArrayBuffer; node: Buffer; nodes?: Set<Buffer>; either: ArrayBuffer | number }
interface Held { array: string; raw: string; node: string; nodes: string[]; either: string }

const isRaw = (value: unknown): boolean => value instanceof ArrayBuffer;

/** Uses of each that only its own class has. */
export const look = api<Message, Held>({ method: "POST", path: "/look" }, async ({ array, raw, node, nodes, either }) => ({
  array: `${array.length} ${Buffer.isBuffer(array)}`,
  raw: `${raw.byteLength} ${isRaw(raw)}`,
  node: node.toString("hex"),
  nodes: [...(nodes ?? [])].map((one) => one.toString("latin1")),
  either: typeof either === "number" ? `${either}` : `${either.byteLength} ${isRaw(either)}`,
}));
