import type { SdkUse } from "../checker/declared-resources.ts";
import type { EndpointModel } from "../model/application-model.ts";
import type { DiscoveryContext } from "./discovery-context.ts";
import { readEndpointOptions } from "./endpoint-options.ts";
import { build, checkReadable, exportOf } from "./endpoints.ts";
import { checkMessages } from "./message-checks.ts";
import { requestShape } from "./request-shape.ts";

type StreamKind = "streamIn" | "streamOut" | "streamInOut";

/** A stream is opened by a GET: its handshake travels in path, query, headers and cookies. */
const methods = ["GET"];

/** Reads a stream: `export const chat = api.streamInOut<…>({…}, async (handshake, stream) => …)`. */
export function readStream(context: DiscoveryContext, use: SdkUse, kind: StreamKind): EndpointModel | undefined {
  const exported = exportOf(context, use);
  const service = context.services.of(use.file);
  if (exported === undefined || service === undefined) return undefined;
  const known = context.view.isUnchanged(use) ? context.memory.recall(use, service) : undefined;
  if (known !== undefined) return known;
  const { name, exportName } = exported;
  const options = readEndpointOptions(context, use, service.name, name, methods);
  const signature = context.view.streamSignature(use.node);
  const handshake = build(context, signature?.handshake, `${name}.handshake`);
  if (handshake !== null && signature?.handshake !== undefined)
    checkReadable(context, handshake, signature.handshake, `${name}.request`);
  const incoming = kind === "streamOut" ? null : build(context, signature?.incoming, `${name}.incoming`);
  if (incoming !== null && signature?.incoming !== undefined)
    checkReadable(context, incoming, signature.incoming, `${name}.request`);
  const endpoint: EndpointModel = {
    name,
    service,
    doc: use.doc,
    span: context.view.spanOf(use.node),
    module: context.view.fileName(use.file),
    exportName,
    kind,
    options,
    stream: {
      incoming,
      outgoing: kind === "streamIn" ? null : build(context, signature?.outgoing, `${name}.outgoing`),
    },
    static: null,
    request:
      handshake === null || signature?.handshake === undefined
        ? null
        : requestShape(context, handshake, options, signature.handshake, name),
    response: kind === "streamIn" ? build(context, signature?.response, `${name}.response`) : null,
  };
  checkMessages(context, endpoint);
  context.memory.keep(use, endpoint);
  return endpoint;
}
