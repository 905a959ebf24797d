import type { EndpointModel } from "../model/application-model.ts";
import type { FieldModel, ModelType, WireModel } from "../model/type-model.ts";
import type { DiscoveryContext } from "./discovery-context.ts";
import { memberName } from "./member-name.ts";
import { bodilessMethods, checkPathParameters, parametersOf } from "./request-shape.ts";
import { checkWireNames } from "./wire-names.ts";

/** Checks that every field of an endpoint's messages can travel where it has to. */
export function checkMessages(context: DiscoveryContext, endpoint: EndpointModel): void {
  const { options, request, response, name } = endpoint;
  checkPathParameters(context, request, options, name);
  checkRequest(context, endpoint, request);
  if (response?.shape.kind !== "object") return;
  for (const field of response.shape.fields) {
    if (field.wire?.kind !== "header" && field.wire?.kind !== "cookie") continue;
    checkText(context, endpoint, response, field, `a ${field.wire.kind}`);
  }
  checkWireNames(context, endpoint, response);
}

function checkRequest(context: DiscoveryContext, endpoint: EndpointModel, request: ModelType | null): void {
  if (request?.shape.kind !== "object") return;
  const inPath = new Set(parametersOf(endpoint.options.path).map((segment) => segment.value));
  const method = endpoint.options.methods.find((candidate) => bodilessMethods.has(candidate));
  for (const field of request.shape.fields) {
    if (inPath.has(field.name)) continue;
    const wire = wireOf(field);
    if (wire !== undefined) {
      checkText(context, endpoint, request, field, wire.kind === "query" ? "the query string" : `a ${wire.kind}`);
    } else if (method !== undefined) {
      checkText(context, endpoint, request, field, "the query string", method);
    }
  }
  checkWireNames(context, endpoint, request);
}

/** Where a field of a request says that it travels; a status and an attribute are fields like any other there. */
function wireOf({ wire }: FieldModel): WireModel | undefined {
  return wire === null || wire.kind === "status" || wire.kind === "attribute" ? undefined : wire;
}

/** Reports a field that has to travel as text and can't. */
function checkText(
  context: DiscoveryContext,
  endpoint: EndpointModel,
  message: ModelType,
  field: FieldModel,
  place: string,
  method?: string,
): void {
  const type = field.wire?.kind === "cookie" ? cookieValue(field.type) : field.type;
  if (isScalar(type) || (field.wire?.kind !== "cookie" && isScalarList(type))) return;
  const member = memberName(endpoint, message, field);
  context.diagnostics.report("wire-unsupported", field.span ?? endpoint.span, {
    message:
      method === undefined
        ? `${member} travels in ${place}, which can't hold its type.`
        : `${method} requests have no body, so ${member} would travel in ${place}, which can't hold its type.`,
    help:
      method === undefined
        ? helpFor(field)
        : "Use POST, PUT or PATCH, or a field of string, number, boolean, bigint, Decimal, Date, literals, or an array of these.",
    member,
  });
}

function helpFor({ wire }: FieldModel): string {
  const scalars = "Use a string, number, boolean, bigint, Decimal, Date, a union of literals";
  return wire?.kind === "cookie" ? `${scalars}.` : `${scalars}, or an array of these.`;
}

/** The type of a cookie's value: what surrounds it is for answers, and null is no cookie. */
function cookieValue(type: ModelType): ModelType {
  const options = type.shape.kind === "union" ? type.shape.options : [type];
  const [cookie, another] = options.filter(({ shape }) => shape.kind !== "primitive" || shape.primitive !== "null");
  if (another !== undefined || cookie?.shape.kind !== "object") return type;
  return cookie.shape.fields.find(({ name }) => name === "value")?.type ?? type;
}

function isScalarList({ shape }: ModelType): boolean {
  if (shape.kind === "array") return isScalar(shape.element);
  return shape.kind === "union" && shape.options.every((option) => isScalar(option) || isScalarList(option));
}

function isScalar({ shape }: ModelType): boolean {
  switch (shape.kind) {
    case "primitive":
      return shape.primitive !== "bytes";
    case "literal":
      return true;
    case "union":
      return shape.options.every(isScalar);
    default:
      return false;
  }
}
