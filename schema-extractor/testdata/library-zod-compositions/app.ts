import { api } from "encore.dev/api";
import { z } from "zod";

const Event = z.discriminatedUnion("type", [
  z.object({ type: z.literal("created"), id: z.number() }),
  z.object({ type: z.literal(["deleted", "archived"]), id: z.number(), reason: z.string().nullish() }),
]);
const Node = z.object({
  value: z.string(),
  get children() {
    return z.array(Node);
  },
});
const Everything = z.object({
  tuple: z.tuple([z.string(), z.number().optional()]).rest(z.boolean()),
  record: z.record(z.string(), z.number()),
  byKey: z.record(z.enum(["a", "b"]), z.boolean()),
  partialRecord: z.partialRecord(z.enum(["x", "y"]), z.string()),
  map: z.map(z.string(), z.date()),
  set: z.set(z.enum(["on", "off"])),
  union: z.union([z.string(), z.number(), z.null()]),
  both: z.object({ a: z.string() }).and(z.object({ b: z.number() })),
  template: z.templateLiteral(["v", z.number(), ".", z.enum(["x", "y"])]),
  literal: z.literal([1, "one", true]),
  unknown: z.unknown(),
  json: z.json(),
  branded: z.string().brand<"Slug">(),
  readonly: z.object({ list: z.array(z.number()) }).readonly(),
  nativeEnum: z.enum({ Low: 1, High: 2 }),
  file: z.instanceof(Uint8Array),
});
const Strict = z.strictObject({ only: z.string() });
const Loose = z.looseObject({ known: z.string() });
interface Message {
  event: z.infer<typeof Event>;
  node: z.infer<typeof Node>;
  everything: z.infer<typeof Everything>;
  strict: z.infer<typeof Strict>;
  loose: z.infer<typeof Loose>;
  extended: z.infer<ReturnType<typeof Strict.extend<{ more: z.ZodNumber }>>>;
}

export const send = api<Message, Message>({ method: "POST", path: "/send" }, async (message) => message);
