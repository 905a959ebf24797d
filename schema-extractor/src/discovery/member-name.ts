import type { EndpointModel } from "../model/application-model.ts";
import type { FieldModel, ModelType } from "../model/type-model.ts";

/** How diagnostics call a field of an endpoint's request or response: "CreatePost.title", "create.request.title". */
export function memberName(endpoint: EndpointModel, message: ModelType, field: FieldModel): string {
  const part = message === endpoint.request ? "request" : "response";
  return `${message.name === "" ? `${endpoint.name}.${part}` : message.name}.${field.name}`;
}
