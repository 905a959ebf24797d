import type { EndpointModel } from "../model/application-model.ts";
import type { FieldModel, ModelType } from "../model/type-model.ts";
import type { DiscoveryContext } from "./discovery-context.ts";
import { memberName } from "./member-name.ts";
import { bodilessMethods, parametersOf } from "./request-shape.ts";

/** A token (RFC 9110, 5.6.2), which the names of headers and cookies are. */
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** Reports names that headers and cookies can't have, and fields of one message that travel under the same name. */
export function checkWireNames(context: DiscoveryContext, endpoint: EndpointModel, message: ModelType): void {
  if (message.shape.kind !== "object") return;
  const taken = new Map<string, FieldModel>();
  for (const field of message.shape.fields) {
    const place = placeOf(endpoint, message, field);
    if (place === undefined) continue;
    const member = memberName(endpoint, message, field);
    const report = (text: string, help: string): void => {
      context.diagnostics.report("wire-unsupported", field.span ?? endpoint.span, { message: text, help, member });
    };
    if (place.kind !== "query" && !token.test(place.name)) {
      report(
        `${member} travels in the ${place.kind} ${JSON.stringify(place.name)}, which is no name for one.`,
        "Names of headers and cookies have letters, digits and !#$%&'*+-.^_`|~ only.",
      );
    }
    const key = `${place.kind} ${place.name}`;
    const other = taken.get(key);
    if (other === undefined) taken.set(key, field);
    else {
      const what = place.kind === "query" ? `query parameter "${place.name}"` : `${place.kind} "${place.name}"`;
      report(
        `${member} and ${other.name} both travel as the ${what}.`,
        "Give one of them another name, or take one out.",
      );
    }
  }
}

/** Where a field travels, if not in the path or body, and by which name. */
function placeOf(
  { request, options }: EndpointModel,
  message: ModelType,
  { name, wire }: FieldModel,
): { readonly kind: string; readonly name: string } | undefined {
  if (wire?.kind === "header" || wire?.kind === "cookie") return wire;
  if (message !== request) return undefined;
  if (wire?.kind === "query") return wire;
  const inPath = parametersOf(options.path).some((segment) => segment.value === name);
  return !inPath && options.methods.some((method) => bodilessMethods.has(method)) ? { kind: "query", name } : undefined;
}
