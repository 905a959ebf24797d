import { api } from "encore.dev/api";
import type {
  ArrayValues, CamelCasedPropertiesDeep, ConditionalPick, DistributedOmit, Entries, Except, FixedLengthArray, IntRange, InvariantOf, IterableElement, JsonObject, JsonValue, Jsonify, LiteralUnion,
  Merge, MergeExclusive, MultidimensionalArray, NonEmptyObject, NonEmptyTuple, OmitIndexSignature, Opaque, OverrideProperties, PartialDeep, PickDeep, ReadonlyDeep, RequireAtLeastOne, RequireExactlyOne,
  RequiredDeep, Schema, SetNonNullable, SetOptional, SetRequired, SetReturnType, Simplify, Spread, Stringified, Tagged, TupleOf, UnionToTuple, ValueOf, WritableDeep,
} from "type-fest";

interface User { id: number; name?: string; at: Date; nested: { list: string[]; deep: { flag: boolean | null } } }
type UserId = Tagged<number, "UserId">;
type Shape = { kind: "circle"; radius: number } | { kind: "square"; side: number };
class Model { id = 1; at = new Date(); tags = new Set<string>(); #secret = 1; save() { return this.#secret; } toJSON() { return { id: this.id, at: this.at }; } }
interface Message {
  json: JsonValue;
  object: JsonObject;
  jsonified: Jsonify<{ at: Date; run: () => void; model: Model; list: (string | undefined)[] }>;
  id: UserId;
  tagged: Tagged<Tagged<string, "a">, "b">;
  literal: LiteralUnion<"red" | "blue", string>;
  except: Except<User, "nested">;
  distributed: DistributedOmit<Shape, "kind">;
  merged: Merge<User, { id: string; extra?: bigint }>;
  spread: Spread<{ a: 1 }, { b?: 2 }>;
  exclusive: MergeExclusive<{ a: string }, { b: number }>;
  atLeastOne: RequireAtLeastOne<{ email?: string; phone?: string }>;
  exactlyOne: RequireExactlyOne<{ email: string; phone: string }, "email" | "phone">;
  optional: SetOptional<User, "id">;
  required: SetRequired<User, "name">;
  nonNullable: SetNonNullable<{ a: string | null }, "a">;
  partialDeep: PartialDeep<User["nested"]>;
  requiredDeep: RequiredDeep<{ a?: { b?: string } }>;
  readonlyDeep: ReadonlyDeep<User>;
  writableDeep: WritableDeep<{ readonly a: { readonly b: string } }>;
  picked: PickDeep<User, "nested.deep.flag">;
  override: OverrideProperties<User, { id: bigint }>;
  fixed: FixedLengthArray<string, 3>;
  tuple: TupleOf<2, number>;
  nonEmpty: NonEmptyTuple<string>;
  matrix: MultidimensionalArray<number, 2>;
  range: IntRange<0, 5>;
  union: UnionToTuple<"only">;
  value: ValueOf<{ a: 1; b: "two" }>;
  values: ArrayValues<readonly ["x", "y"]>;
  known: OmitIndexSignature<{ [key: string]: unknown; known: string }>;
  conditional: ConditionalPick<User, Date | number>;
  stringified: Stringified<{ a: number }>;
  schema: Schema<{ a: number; b: { c: Date } }, string>;
  camel: CamelCasedPropertiesDeep<{ first_name: string; inner_part: { last_name: string }[] }>;
  simple: Simplify<{ a: string } & { b: number }>;
  filled: NonEmptyObject<{ a?: string; b?: number }>;
}

export const send = api<Message, Message>({ method: "POST", path: "/send" }, async (message) => message);
export const element = api({ path: "/element" }, async (_: { of: IterableElement<Set<number>>; entries: Entries<{ a: number }>; called: Awaited<ReturnType<SetReturnType<() => void, Date>>> }) => {});
export const invariant = api({ path: "/invariant" }, async (_: { plain: Opaque<string, "t">; strict: InvariantOf<{ a: 1 }>["a"] }) => {});
