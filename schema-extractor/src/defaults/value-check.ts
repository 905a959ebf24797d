import type { FieldModel, ModelType, ObjectShapeModel, PrimitiveModel } from "../model/type-model.ts";
import { isDecimal, isInteger, isTimestamp } from "../rules/scalar-texts.ts";
import { brokenRule } from "./rule-holds.ts";

export type JsonValue =
  string | number | boolean | null | readonly JsonValue[] | { readonly [name: string]: JsonValue };

/**
 * What is wrong with a JSON value for a type, rules included; undefined where it is one of the type's.
 *
 * Bigints and decimals are strings here, so that no digit is lost.
 */
export function problemOf(value: JsonValue, type: ModelType): string | undefined {
  return shapeProblem(value, type) ?? brokenRule(value, type);
}

/** What is wrong with its shape, and with the shapes and rules of what it holds. */
export function shapeProblem(value: JsonValue, { shape }: ModelType): string | undefined {
  switch (shape.kind) {
    case "primitive":
      return fits(value, shape.primitive) ? undefined : `${shown(value)} is not ${primitiveNames[shape.primitive]}`;
    case "literal":
      return value === shape.value ? undefined : `${shown(value)} is not ${JSON.stringify(shape.value)}`;
    case "object":
      return isObject(value) ? fieldsProblem(value, shape) : `${shown(value)} is not an object`;
    case "record": {
      if (!isObject(value)) return `${shown(value)} is not an object`;
      const key = shape.key;
      const keys = key === null ? [] : Object.keys(value).map((name) => problemOf(name, key));
      return first([...keys, ...Object.values(value).map((member) => problemOf(member, shape.value))]);
    }
    case "array":
      if (!isList(value)) return `${shown(value)} is not an array`;
      return first(value.map((element) => problemOf(element, shape.element)));
    case "union": {
      const problems = shape.options.map((option) => problemOf(value, option));
      return problems.includes(undefined) ? undefined : problems.join(", and ");
    }
    default:
      // Whatever else there is travels as an array; its plan, compiled at start, checks the rest.
      return isList(value) ? undefined : `${shown(value)} is not an array`;
  }
}

function fieldsProblem(
  value: { readonly [name: string]: JsonValue },
  { fields, additional }: ObjectShapeModel,
): string | undefined {
  const known = new Map(fields.map((field) => [field.name, field]));
  const missing = fields.find((field) => !field.optional && !Object.hasOwn(value, field.name));
  if (missing !== undefined) return `it has no ${JSON.stringify(missing.name)}`;
  return first(Object.entries(value).map(([name, member]) => memberProblem(name, member, known.get(name), additional)));
}

function memberProblem(
  name: string,
  value: JsonValue,
  field: FieldModel | undefined,
  additional: ModelType | null,
): string | undefined {
  const type = field?.type ?? additional;
  return type === null ? `it has ${JSON.stringify(name)}, which the type has not` : problemOf(value, type);
}

const primitiveNames: Readonly<Record<PrimitiveModel, string>> = {
  string: "a string",
  number: "a number",
  boolean: "a boolean",
  null: "null",
  any: "a value",
  date: "a date and time with a zone, such as 2024-01-01T00:00:00Z",
  bigint: "the digits of a bigint",
  decimal: "the digits of a decimal",
  bytes: "base64",
};

function fits(value: JsonValue, primitive: PrimitiveModel): boolean {
  switch (primitive) {
    case "string":
    case "number":
    case "boolean":
      return typeof value === primitive;
    case "null":
      return value === null;
    case "any":
      return true;
    case "date":
      return typeof value === "string" && isTimestamp(value);
    case "bigint":
      return typeof value === "string" && isInteger(value);
    case "decimal":
      return typeof value === "string" && isDecimal(value);
    case "bytes":
      return typeof value === "string" && value.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(value);
  }
}

function first(problems: readonly (string | undefined)[]): string | undefined {
  return problems.find((problem) => problem !== undefined);
}

function shown(value: JsonValue): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function isObject(value: JsonValue): value is { readonly [name: string]: JsonValue } {
  return typeof value === "object" && value !== null && !isList(value);
}
