import { create } from "@bufbuild/protobuf";
import {
  type Bound,
  BoundSchema,
  BytesClass,
  Format,
  type Literal,
  LiteralSchema,
  Primitive,
  type Rule,
  RuleSchema,
  type Wire,
  WireKind,
  WireSchema,
} from "../../generated/types_pb.js";
import type {
  BoundModel,
  BytesClassModel,
  FormatModel,
  PrimitiveModel,
  RuleModel,
  WireModel,
} from "../model/type-model.ts";

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
  attribute: WireKind.ATTRIBUTE,
};

const formats: Readonly<Record<FormatModel, Format>> = {
  email: Format.EMAIL,
  url: Format.URL,
  uuid: Format.UUID,
  ip: Format.IP,
  ipv4: Format.IPV4,
  ipv6: Format.IPV6,
  date: Format.DATE,
  time: Format.TIME,
  "date-time": Format.DATE_TIME,
  duration: Format.DURATION,
  hostname: Format.HOSTNAME,
  uri: Format.URI,
  base64: Format.BASE64,
  "json-pointer": Format.JSON_POINTER,
  regex: Format.REGEX,
};

/** A text as UTF-8 can hold it: an escape in the sources may have put half a character into it. */
export function encodable(text: string): string {
  return text.toWellFormed();
}

export function emitPrimitive(primitive: PrimitiveModel): Primitive {
  return primitives[primitive];
}

export function emitBytesClass(name: BytesClassModel | undefined): BytesClass {
  switch (name) {
    case "ArrayBuffer":
      return BytesClass.ARRAY_BUFFER;
    case "Buffer":
      return BytesClass.BUFFER;
    case undefined:
      return BytesClass.UNSPECIFIED;
  }
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
    case "multipleOf":
      return create(RuleSchema, { rule: { case: rule.kind, value: rule.value } });
    case "startsWith":
    case "endsWith":
    case "matches":
      return create(RuleSchema, { rule: { case: rule.kind, value: encodable(rule.text) } });
    case "format":
      return create(RuleSchema, { rule: { case: "is", value: formats[rule.format] } });
    case "integer":
    case "uniqueItems":
      return create(RuleSchema, { rule: { case: rule.kind, value: true } });
    case "lower":
    case "upper":
      return create(RuleSchema, { rule: { case: rule.kind, value: emitBound(rule) } });
  }
}

function emitBound({ value, exclusive }: BoundModel): Bound {
  return typeof value === "number"
    ? create(BoundSchema, { exclusive, value: { case: "number", value } })
    : create(BoundSchema, { exclusive, value: { case: "text", value } });
}
