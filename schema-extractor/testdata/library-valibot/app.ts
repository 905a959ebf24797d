import { api } from "encore.dev/api";
import * as v from "valibot";

const Address = v.object({ street: v.pipe(v.string(), v.nonEmpty()), zip: v.optional(v.string()) });
const User = v.object({
  id: v.pipe(v.string(), v.uuid(), v.brand("UserId")),
  email: v.pipe(v.string(), v.email()),
  age: v.nullish(v.pipe(v.number(), v.integer())),
  role: v.picklist(["admin", "user"]),
  address: Address,
  tags: v.optional(v.array(v.string()), []),
  pair: v.tuple([v.string(), v.number()]),
  loose: v.looseTuple([v.string()]),
  rest: v.tupleWithRest([v.string()], v.number()),
  map: v.map(v.string(), v.date()),
  set: v.set(v.bigint()),
  record: v.record(v.picklist(["a", "b"]), v.number()),
  open: v.record(v.string(), v.unknown()),
  event: v.variant("type", [v.object({ type: v.literal("a"), a: v.string() }), v.object({ type: v.literal("b"), b: v.number() })]),
  both: v.intersect([v.object({ x: v.number() }), v.object({ y: v.number() })]),
  length: v.pipe(v.string(), v.transform((text) => text.length)),
  withRest: v.objectWithRest({ known: v.string() }, v.number()),
});
type User = v.InferOutput<typeof User>;
type Input = v.InferInput<typeof User>;

export const create = api({ path: "/users" }, async (request: Input): Promise<User> => v.parse(User, request));
