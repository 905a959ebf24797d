import type { NodeHandle } from "../checker/handles.ts";
import type { EndpointOptionsModel, PathSegmentModel } from "../model/application-model.ts";
import { anonymousType, type FieldModel, type ModelType, type ObjectShapeModel } from "../model/type-model.ts";
import { type DiscoveryContext, reportAt } from "./discovery-context.ts";
import { formatPath } from "./paths.ts";

/**
 * A request as an object with fields, which is what path, query, headers and body are put together to.
 *
 * An open record is an object without fields of its own; `any` (a JavaScript handler without JSDoc, typically) is an
 * object that takes the path's parameters as strings and everything else as it comes.
 */
export function requestObject(
  context: DiscoveryContext,
  request: ModelType,
  options: EndpointOptionsModel,
  place: NodeHandle,
  endpoint: string,
): ModelType {
  const { shape } = request;
  switch (shape.kind) {
    case "object":
      return request;
    case "record":
      if (shape.key === null) return { ...request, shape: { kind: "object", fields: [], additional: shape.value } };
      break;
    case "primitive":
      if (shape.primitive === "any") return { ...request, shape: anyObject(options.path) };
      break;
    default:
  }
  reportAt(context, place, "request-not-object", {
    message: `The request of ${endpoint} is not an object with fields: path, query, headers and body are put together in one.`,
    help: "Put the value into a field: { items: … }.",
    member: request.name === "" ? `${endpoint}.request` : request.name,
  });
  return anonymousType({ kind: "object", fields: [], additional: null });
}

function anyObject(path: readonly PathSegmentModel[]): ObjectShapeModel {
  const fields = parametersOf(path).map(
    (parameter): FieldModel => ({
      name: parameter.value,
      type: anonymousType({ kind: "primitive", primitive: "string" }),
      optional: false,
      doc: "",
      span: null,
      wire: null,
    }),
  );
  return { kind: "object", fields, additional: anonymousType({ kind: "primitive", primitive: "any" }) };
}

/** The segments that give the request a value. */
export function parametersOf(path: readonly PathSegmentModel[]): readonly PathSegmentModel[] {
  return path.filter((segment) => segment.kind !== "literal");
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
      const missing = request === null ? `the handler of ${endpoint} takes no parameters` : `${owner} has no field ${name}`;
      report(
        `The path ${path} has the parameter :${name}, and ${missing}.`,
        request === null ? `Take it: async ({ ${name} }: { ${name}: string }) => …` : `Add ${name}: string to ${owner}, or take :${name} out of the path.`,
        member,
      );
    } else if (field.wire !== null) {
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
