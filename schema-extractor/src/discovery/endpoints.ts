import type { SdkUse } from "../checker/declared-resources.ts";
import type { MessageType } from "../checker/handler-signature.ts";
import { baseName } from "../files/paths.ts";
import type { EndpointModel } from "../model/application-model.ts";
import type { ModelType } from "../model/type-model.ts";
import { findSendOnly } from "../types/serialized.ts";
import { unsupported } from "../types/unsupported.ts";
import { type DiscoveryContext, reportAt } from "./discovery-context.ts";
import { readEndpointOptions } from "./endpoint-options.ts";
import { buildWritten } from "../types/field-declarations.ts";
import { checkMessages } from "./message-checks.ts";
import { requestShape } from "./request-shape.ts";

/** The handler's place among the arguments of `api(options, handler)`. */
const handlerParameter = 1;

/** Reads a typed endpoint: `export const get = api({…}, async (…) => …)`. */
export function readEndpoint(context: DiscoveryContext, use: SdkUse): EndpointModel | undefined {
  const exported = exportOf(context, use);
  const service = context.services.of(use.file);
  if (exported === undefined || service === undefined) return undefined;
  const known = context.view.isUnchanged(use) ? context.memory.recall(use, service) : undefined;
  if (known !== undefined) return known;
  const { name, exportName } = exported;
  const options = readEndpointOptions(context, use, service.name, name);
  const signature = context.view.handlerSignature(use.node, handlerParameter);
  const response = build(context, signature?.response, `${name}.response`);
  const request = build(context, signature?.request, `${name}.request`);
  if (request !== null && signature?.request !== undefined)
    checkReadable(context, request, signature.request, `${name}.request`);
  const taken = signature?.request;
  const shaped = request === null || taken === undefined ? null : requestShape(context, request, options, taken, name);
  const endpoint: EndpointModel = {
    name,
    service,
    doc: use.doc,
    span: context.view.spanOf(use.node),
    module: context.view.fileName(use.file),
    exportName,
    kind: "typed",
    options,
    stream: null,
    static: null,
    request: shaped,
    response,
  };
  checkMessages(context, endpoint);
  context.memory.keep(use, endpoint);
  return endpoint;
}

/** The model of a message; null where there is none. @param fallback what an anonymous one is called in messages */
export function build(context: DiscoveryContext, message: MessageType | undefined, fallback: string): ModelType | null {
  if (message === undefined) return null;
  const present = context.view.types.withoutUndefined(message.type, message.node);
  if (present === undefined) return null;
  const { name } = context.view.types.identify(present.type);
  const member = name === "" ? fallback : name;
  return buildWritten(context.types, present.type, { member, span: context.view.spanOf(message.place) }, message.node);
}

/** Reports what JSON is written from but can't be read into. @param fallback what an anonymous type is called in messages */
export function checkReadable(
  context: DiscoveryContext,
  request: ModelType,
  message: MessageType,
  fallback: string,
): void {
  const place = {
    member: request.name === "" ? fallback : request.name,
    span: context.view.spanOf(message.place),
  };
  for (const { type, context: member } of findSendOnly(request, place)) {
    context.types.reject(member, unsupported.sendOnly(type));
  }
}

/**
 * The names of an endpoint; undefined where it has none, which is reported.
 * @param what what it is called in messages, and made by
 */
export function exportOf(
  context: DiscoveryContext,
  use: SdkUse,
  what = { noun: "endpoint", call: "api" },
): { name: string; exportName: string } | undefined {
  const { exports, variable } = use;
  const exportName =
    exports.find((name) => name === variable) ?? exports.find((name) => name !== "default") ?? exports[0];
  if (exportName === undefined) {
    reportAt(context, use.node, "endpoint-not-exported", missingExport(use, what));
    return undefined;
  }
  return { name: exportName === "default" ? (variable ?? nameFromFile(use.file)) : exportName, exportName };
}

function missingExport(use: SdkUse, { noun, call }: { noun: string; call: string }): { message: string; help: string } {
  if (use.nested) {
    return {
      message: `This ${noun} is declared inside a function, so that it has no name and may exist any number of times.`,
      help: `Declare it at the top level of its module, and export it: export const name = ${call}(…).`,
    };
  }
  const subject = use.variable === undefined ? `This ${noun} is` : `The ${noun} ${use.variable} is`;
  return {
    message: `${subject} not exported, so the host can't reach it.`,
    help:
      use.variable === undefined
        ? `Export it: export const name = ${call}(…).`
        : `Write: export const ${use.variable} = ${call}(…).`,
  };
}

/** "list-posts.ts" → "listPosts": what an `export default api(…)` is called. */
function nameFromFile(path: string): string {
  const stem = baseName(path).replace(/\.[cm]?[jt]sx?$/, "");
  const name = stem.replace(/[^A-Za-z0-9_$]+(.)?/g, (_, next: string | undefined) => (next ?? "").toUpperCase());
  return name === "" || /^\d/.test(name) ? `_${name}` : name;
}
