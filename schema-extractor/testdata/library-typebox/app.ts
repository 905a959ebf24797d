import { api } from "encore.dev/api";
import { type Static, Type } from "@sinclair/typebox";

const Address = Type.Object({ street: Type.String({ minLength: 1 }), zip: Type.Optional(Type.String()) });
const Node = Type.Recursive((This) => Type.Object({ id: Type.String(), children: Type.Array(This) }));
const User = Type.Object({
  id: Type.String({ format: "uuid" }),
  age: Type.Union([Type.Integer(), Type.Null()]),
  role: Type.Union([Type.Literal("admin"), Type.Literal("user")]),
  address: Address,
  tags: Type.Readonly(Type.Array(Type.String())),
  pair: Type.Tuple([Type.String(), Type.Number()]),
  record: Type.Record(Type.String(), Type.Boolean()),
  keys: Type.Record(Type.Union([Type.Literal("a"), Type.Literal("b")]), Type.Number()),
  version: Type.TemplateLiteral("v${0|1|2}.${string}"),
  at: Type.Date(),
  bytes: Type.Uint8Array(),
  big: Type.BigInt(),
  any: Type.Unknown(),
});
type User = Static<typeof User>;
const Partial = Type.Partial(User);
const Picked = Type.Pick(User, ["id", "role"]);
const Both = Type.Intersect([Address, Type.Object({ country: Type.String() })]);
interface Message {
  user: User;
  node: Static<typeof Node>;
  partial: Static<typeof Partial>;
  picked: Static<typeof Picked>;
  both: Static<typeof Both>;
  key: Static<ReturnType<typeof Type.KeyOf<typeof Address>>>;
}

export const send = api<Message, Message>({ method: "POST", path: "/send" }, async (message) => message);
