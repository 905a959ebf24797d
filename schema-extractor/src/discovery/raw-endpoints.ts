import type { SdkUse } from "../checker/declared-resources.ts";
import type { EndpointModel } from "../model/application-model.ts";
import type { DiscoveryContext } from "./discovery-context.ts";
import { readEndpointOptions } from "./endpoint-options.ts";
import { exportOf } from "./endpoints.ts";

/** Reads a raw endpoint: `export const hook = api.raw({…}, (request, response) => …)`. Nothing of it has a type. */
export function readRaw(context: DiscoveryContext, use: SdkUse): EndpointModel | undefined {
  const exported = exportOf(context, use, { noun: "endpoint", call: "api.raw" });
  const service = context.services.of(use.file);
  if (exported === undefined || service === undefined) return undefined;
  const { name, exportName } = exported;
  return {
    name,
    service,
    doc: use.doc,
    span: context.view.spanOf(use.node),
    module: context.view.fileName(use.file),
    exportName,
    kind: "raw",
    options: readEndpointOptions(context, use, service.name, name),
    stream: null,
    static: null,
    request: null,
    response: null,
  };
}
