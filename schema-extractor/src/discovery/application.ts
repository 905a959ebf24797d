import type { ApplicationView } from "../checker/application-view.ts";
import type { DiagnosticList } from "../diagnostics/diagnostic-list.ts";
import { clientName } from "../clients/generated-modules.ts";
import { compareText } from "../files/paths.ts";
import type { ApplicationModel, EndpointModel, ServiceModel } from "../model/application-model.ts";
import { TypeBuilder } from "../types/type-builder.ts";
import { checkAuth } from "./auth.ts";
import { reportDuplicateJobs } from "./cron-jobs.ts";
import { readQueries } from "./databases.ts";
import type { DiscoveryContext } from "./discovery-context.ts";
import type { EndpointMemory } from "./endpoint-memory.ts";
import { readResources } from "./resource-kinds.ts";
import { reportRouteConflicts } from "./routes.ts";
import { findServices, type ServiceMap } from "./services.ts";

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
  const context: DiscoveryContext = {
    root,
    view,
    diagnostics,
    services,
    types: new TypeBuilder(view, diagnostics),
    memory,
  };
  const found = readResources(context, uses);
  // Services are whatever declares resources; their own modules are evaluated too, for what runs around their endpoints.
  for (const { exported } of services.all) if (exported !== null) found.modules.add(exported.module);
  reportDuplicates(found.endpoints, diagnostics);
  reportRouteConflicts(found.endpoints, diagnostics);
  reportDuplicateJobs(found.cronJobs, diagnostics);
  checkAuth(found.gateways, found.endpoints, diagnostics);
  if (diagnostics.hasOwnErrors) memory.forget();
  return {
    name,
    services: services.all,
    calls: callsBetween(services, view.calledClients()),
    endpoints: found.endpoints.sort(compareEndpoints),
    authHandlers: found.authHandlers.sort(
      (left, right) => compareText(left.module, right.module) || compareText(left.name, right.name),
    ),
    gateways: found.gateways,
    middleware: found.middleware.sort(
      (left, right) =>
        compareText(left.module, right.module) ||
        left.span.line - right.span.line ||
        left.span.column - right.span.column,
    ),
    cronJobs: found.cronJobs.sort((left, right) => compareText(left.name, right.name)),
    secrets: [...found.secrets.values()].sort((left, right) => compareText(left.name, right.name)),
    databases: [...found.databases.values()].sort((left, right) => compareText(left.name, right.name)),
    topics: [...found.topics.values()].sort((left, right) => compareText(left.name, right.name)),
    subscriptions: found.subscriptions.sort(
      (left, right) => compareText(left.topic.name, right.topic.name) || compareText(left.name, right.name),
    ),
    queries: readQueries(view.sqlTemplates(), found.databaseOf, found.databases),
    modules: [...found.modules].sort(compareText),
  };
}

function callsBetween(
  services: ServiceMap,
  called: ReadonlyMap<string, ReadonlySet<string>>,
): ReadonlyMap<ServiceModel, readonly ServiceModel[]> {
  const names = new Map<ServiceModel, Set<string>>();
  for (const [file, clients] of called) {
    const caller = services.of(file);
    if (caller !== undefined) names.set(caller, new Set([...(names.get(caller) ?? []), ...clients]));
  }
  const all = services.all;
  return new Map(
    [...names].map(([caller, clients]) => [
      caller,
      all.filter((service) => service !== caller && clients.has(clientName(service.name))),
    ]),
  );
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
