import type { EndpointModel } from "../model/application-model.ts";
import type { FieldModel, ModelType } from "../model/type-model.ts";
import type { DiscoveryContext } from "./discovery-context.ts";
import { bodilessMethods, checkPathParameters, parametersOf } from "./request-shape.ts";

/** Checks that every field of an endpoint's messages can travel where it has to. */
export function checkMessages(context: DiscoveryContext, endpoint: EndpointModel): void {
  const { options, request, response, name } = endpoint;
  checkPathParameters(context, request, options, name);
  checkRequest(context, endpoint, request);
  if (response?.shape.kind !== "object") return;
  for (const field of response.shape.fields) {
    if (field.wire === null || field.wire.kind === "status" || field.wire.kind === "query") continue;
    checkText(context, endpoint, response, field, `a ${field.wire.kind}`);
  }
}

function checkRequest(context: DiscoveryContext, endpoint: EndpointModel, request: ModelType | null): void {
  if (request?.shape.kind !== "object") return;
  const inPath = new Set(parametersOf(endpoint.options.path).map((segment) => segment.value));
  const method = endpoint.options.methods.find((candidate) => bodilessMethods.has(candidate));
  for (const field of request.shape.fields) {
    if (inPath.has(field.name) || field.wire?.kind === "status") continue;
    if (field.wire !== null) {
      checkText(
        context,
        endpoint,
        request,
        field,
        field.wire.kind === "query" ? "the query string" : `a ${field.wire.kind}`,
      );
    } else if (method !== undefined) {
      checkText(context, endpoint, request, field, "the query string", method);
    }
  }
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
  const owner =
    message.name === "" ? `${endpoint.name}.${message === endpoint.request ? "request" : "response"}` : message.name;
  const member = `${owner}.${field.name}`;
  context.diagnostics.report("wire-unsupported", field.span ?? endpoint.span, {
    message:
      method === undefined
        ? `${member} travels in ${place}, which can't hold its type.`
        : `${method} requests have no body, so ${member} would travel in ${place}, which can't hold its type.`,
    help:
      method === undefined
        ? "Use a string, number, boolean, bigint, Date, a union of literals, or an array of these."
        : "Use POST, PUT or PATCH, or a field of string, number, boolean, bigint, Date, literals, or an array of these.",
    member,
  });
}

function cookieValue(type: ModelType): ModelType {
  const value = type.shape.kind === "object" ? type.shape.fields.find((field) => field.name === "value") : undefined;
  return value?.type ?? type;
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
