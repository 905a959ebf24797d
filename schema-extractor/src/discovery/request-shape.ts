import type { MessageType } from "../checker/handler-signature.ts";
import type { EndpointOptionsModel, PathSegmentModel } from "../model/application-model.ts";
import { anonymousType, type FieldModel, type ModelType, type ObjectShapeModel } from "../model/type-model.ts";
import { type DiscoveryContext, reportAt } from "./discovery-context.ts";
import { formatPath } from "./paths.ts";

/** Methods whose requests have no body, so that fields travel in the query string. */
export const bodilessMethods: ReadonlySet<string> = new Set(["GET", "HEAD", "DELETE", "OPTIONS", "TRACE", "CONNECT"]);

/**
 * A request in the form that path, query, headers and body are put together in.
 *
 * That is an object with fields. An open record is one without fields of its own; `any` (a JavaScript handler without
 * JSDoc, typically) takes the path's parameters as strings and everything else as it comes. Any other value is the whole
 * of the body, where there is a body and nothing beside it.
 */
export function requestShape(
  context: DiscoveryContext,
  request: ModelType,
  options: EndpointOptionsModel,
  source: Pick<MessageType, "place" | "members">,
  endpoint: string,
): ModelType {
  const { shape } = request;
  if (shape.kind === "object") return request;
  if (shape.kind === "record" && shape.key === null) {
    return { ...request, shape: { kind: "object", fields: [], additional: shape.value } };
  }
  if (shape.kind === "primitive" && shape.primitive === "any") {
    return { ...request, shape: anyObject(options.path, source.members) };
  }
  const bodiless = options.methods.find((method) => bodilessMethods.has(method));
  const [parameter] = parametersOf(options.path);
  if (bodiless === undefined && parameter === undefined) return request;
  const reason =
    bodiless === undefined
      ? `the path has the parameter :${parameter?.value ?? ""}`
      : `${bodiless} requests have no body`;
  reportAt(context, source.place, "request-not-object", {
    message: `The request of ${endpoint} has to be an object with fields: ${reason}.`,
    help: "Put the value into a field, such as { items: … }, and use POST, PUT or PATCH where it is more than text.",
    member: request.name === "" ? `${endpoint}.request` : request.name,
  });
  return anonymousType({ kind: "object", fields: [], additional: null });
}

function anyObject(path: EndpointOptionsModel["path"], members: readonly string[]): ObjectShapeModel {
  const parameters = parametersOf(path).map((parameter) => parameter.value);
  const fields = [...new Set([...parameters, ...members])].map((name): FieldModel => ({
    name,
    type: anonymousType({ kind: "primitive", primitive: parameters.includes(name) ? "string" : "any" }),
    optional: !parameters.includes(name),
    doc: "",
    span: null,
    wire: null,
  }));
  return { kind: "object", fields, additional: anonymousType({ kind: "primitive", primitive: "any" }) };
}

/** The segments that give the request a value. */
export function parametersOf(path: readonly PathSegmentModel[] | null): readonly PathSegmentModel[] {
  return (path ?? []).filter((segment) => segment.kind !== "literal");
}

/** Reports path parameters that the request has no field for, or one that a piece of a path can't fill. */
export function checkPathParameters(
  context: DiscoveryContext,
  request: ModelType | null,
  options: EndpointOptionsModel,
  endpoint: string,
): void {
  const fields = request?.shape.kind === "object" ? request.shape.fields : [];
  const path = formatPath(options.path);
  const report = (message: string, help: string, member: string): void => {
    context.diagnostics.report("path-parameter", options.pathSpan, { message, help, member });
  };
  const owner = request === null || request.name === "" ? `${endpoint}.request` : request.name;
  for (const { value: name } of parametersOf(options.path)) {
    const field = fields.find((candidate) => candidate.name === name);
    const member = `${owner}.${name}`;
    if (field === undefined) {
      const missing =
        request === null ? `the handler of ${endpoint} takes no parameters` : `${owner} has no field ${name}`;
      report(
        `The path ${path} has the parameter :${name}, and ${missing}.`,
        request === null
          ? `Take it: async ({ ${name} }: { ${name}: string }) => …`
          : `Add ${name}: string to ${owner}, or take :${name} out of the path.`,
        member,
      );
    } else if (field.wire !== null && field.wire.kind !== "status" && field.wire.kind !== "attribute") {
      report(
        `${member} is a parameter of the path ${path}, and its type says that it travels as a ${field.wire.kind}.`,
        "Give one of the two another name.",
        member,
      );
    } else if (!fitsSegment(field.type)) {
      report(
        `${member} is a parameter of the path ${path}, and a piece of a path can't hold its type.`,
        "Use string, number, boolean, bigint, or a union of literals.",
        member,
      );
    }
  }
}

function fitsSegment({ shape }: ModelType): boolean {
  switch (shape.kind) {
    case "primitive":
      return ["string", "number", "boolean", "bigint", "any"].includes(shape.primitive);
    case "literal":
      return true;
    case "union":
      return shape.options.every(fitsSegment);
    default:
      return false;
  }
}
