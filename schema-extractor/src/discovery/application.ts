import type { ApplicationView } from "../checker/application-view.ts";
import type { DiagnosticList } from "../diagnostics/diagnostic-list.ts";
import { compareText } from "../files/paths.ts";
import type { ApplicationModel, EndpointModel } from "../model/application-model.ts";
import { TypeBuilder } from "../types/type-builder.ts";
import type { DiscoveryContext } from "./discovery-context.ts";
import type { EndpointMemory } from "./endpoint-memory.ts";
import { type FoundResources, readResource } from "./resource-kinds.ts";
import { reportRouteConflicts } from "./routes.ts";
import { findServices } from "./services.ts";

/** Reads all that an application declares. @param memory of earlier checks of the same application */
export function discoverApplication(
  view: ApplicationView,
  diagnostics: DiagnosticList,
  root: string,
  name: string,
  memory: EndpointMemory,
): ApplicationModel {
  memory.begin(view.types.aliases());
  const uses = view.sdkUses();
  const services = findServices({ view, diagnostics, root, applicationName: name, uses });
  const context: DiscoveryContext = { view, diagnostics, services, types: new TypeBuilder(view, diagnostics), memory };
  const found: FoundResources = { endpoints: [], modules: new Set() };
  for (const use of uses) readResource(context, use, found);
  reportDuplicates(found.endpoints, diagnostics);
  reportRouteConflicts(found.endpoints, diagnostics);
  if (diagnostics.hasOwnErrors) memory.forget();
  return {
    name,
    services: services.all,
    endpoints: found.endpoints.sort(compareEndpoints),
    modules: [...found.modules].sort(compareText),
  };
}

function reportDuplicates(endpoints: readonly EndpointModel[], diagnostics: DiagnosticList): void {
  const byName = new Map<string, EndpointModel>();
  for (const endpoint of endpoints) {
    const name = `${endpoint.service.name}.${endpoint.name}`;
    const first = byName.get(name);
    if (first === undefined) {
      byName.set(name, endpoint);
      continue;
    }
    diagnostics.report("endpoint-duplicate", endpoint.span, {
      message: `The service ${endpoint.service.name} has two endpoints called ${endpoint.name}; the other one is in ${first.module}:${first.span.line}.`,
      help: "Export one of them under another name.",
      related: [{ span: first.span, message: "The other one." }],
    });
  }
}

function compareEndpoints(left: EndpointModel, right: EndpointModel): number {
  return compareText(left.service.name, right.service.name) || compareText(left.name, right.name);
}
