import { create } from "@bufbuild/protobuf";
import {
  Format,
  type Literal,
  LiteralSchema,
  Primitive,
  type Rule,
  RuleSchema,
  type Wire,
  WireKind,
  WireSchema,
} from "../../generated/application_pb.js";
import type { PrimitiveModel, RuleModel, WireModel } from "../model/type-model.ts";

const primitives: Readonly<Record<PrimitiveModel, Primitive>> = {
  string: Primitive.STRING,
  number: Primitive.NUMBER,
  boolean: Primitive.BOOLEAN,
  null: Primitive.NULL,
  any: Primitive.ANY,
  date: Primitive.DATE,
  bigint: Primitive.BIGINT,
  decimal: Primitive.DECIMAL,
  bytes: Primitive.BYTES,
};

const wireKinds: Readonly<Record<WireModel["kind"], WireKind>> = {
  header: WireKind.HEADER,
  query: WireKind.QUERY,
  cookie: WireKind.COOKIE,
  status: WireKind.HTTP_STATUS,
};

/** A text as UTF-8 can hold it: an escape in the sources may have put half a character into it. */
export function encodable(text: string): string {
  return text.toWellFormed();
}

export function emitPrimitive(primitive: PrimitiveModel): Primitive {
  return primitives[primitive];
}

export function emitLiteral(value: string | number | boolean): Literal {
  switch (typeof value) {
    case "string":
      return create(LiteralSchema, { value: { case: "text", value: encodable(value) } });
    case "number":
      return create(LiteralSchema, { value: { case: "number", value } });
    case "boolean":
      return create(LiteralSchema, { value: { case: "boolean", value } });
  }
}

export function emitWire(wire: WireModel): Wire {
  return create(WireSchema, { kind: wireKinds[wire.kind], name: wire.name });
}

export function emitRule(rule: RuleModel): Rule {
  switch (rule.kind) {
    case "all":
    case "any":
      return create(RuleSchema, { rule: { case: rule.kind, value: { rules: rule.rules.map(emitRule) } } });
    case "min":
    case "max":
    case "minLength":
    case "maxLength":
      return create(RuleSchema, { rule: { case: rule.kind, value: rule.value } });
    case "startsWith":
    case "endsWith":
    case "matches":
      return create(RuleSchema, { rule: { case: rule.kind, value: encodable(rule.text) } });
    case "format":
      return create(RuleSchema, { rule: { case: "is", value: rule.format === "email" ? Format.EMAIL : Format.URL } });
  }
}
