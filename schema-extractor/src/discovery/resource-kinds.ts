import type { SdkUse } from "../checker/declared-resources.ts";
import type { SdkName } from "../checker/sdk-symbols.ts";
import type { EndpointModel } from "../model/application-model.ts";
import { type DiscoveryContext, reportAt } from "./discovery-context.ts";
import { readEndpoint } from "./endpoints.ts";

/** What reading a resource adds to the application. */
export interface FoundResources {
  readonly endpoints: EndpointModel[];
  /** Modules that declare a resource, by their names in results. */
  readonly modules: Set<string>;
}

type ResourceReader = (context: DiscoveryContext, use: SdkUse, found: FoundResources) => void;

/** Every kind of resource that can be declared, by its name in the SDK. A new kind is one reader and one line. */
const readers: ReadonlyMap<string, ResourceReader> = new Map<string, ResourceReader>([
  ["api/api", readTypedEndpoint],
  // Read by findServices, before all others: it decides whose the others are.
  ["service/Service", addModule],
  ...["raw", "streamIn", "streamOut", "streamInOut", "static"].map((kind) => [`api/api.${kind}`, refuse] as const),
  ["api/Gateway", refuse],
  ["api/middleware", refuse],
  ["auth/authHandler", refuse],
  ["config/secret", refuse],
  ["cron/CronJob", refuse],
  ["pubsub/Topic", refuse],
  ["pubsub/Subscription", refuse],
  ["storage/sqldb/SQLDatabase", refuse],
  ["storage/objects/Bucket", refuse],
  ["storage/cache/CacheCluster", refuse],
]);

/** Reads one use of the SDK; what declares nothing (an error, a log line) is passed over. */
export function readResource(context: DiscoveryContext, use: SdkUse, found: FoundResources): void {
  readers.get(keyOf(use.sdk))?.(context, use, found);
}

/** Whether a use declares an endpoint of any kind. */
export function declaresEndpoint(sdk: SdkName): boolean {
  return sdk.module === "api" && /^api(\.|$)/.test(sdk.name) && readers.has(keyOf(sdk));
}

function readTypedEndpoint(context: DiscoveryContext, use: SdkUse, found: FoundResources): void {
  const endpoint = readEndpoint(context, use);
  if (endpoint === undefined) return;
  found.endpoints.push(endpoint);
  found.modules.add(endpoint.module);
}

function addModule(context: DiscoveryContext, use: SdkUse, found: FoundResources): void {
  found.modules.add(context.view.fileName(use.file));
}

function refuse(context: DiscoveryContext, use: SdkUse): void {
  reportAt(context, use.node, "resource-unsupported", {
    message: `${use.sdk.name} is not supported yet by this version of encore-host.`,
    help: "Take it out for now, or run this application with a later version.",
  });
}

function keyOf(sdk: SdkName): string {
  return `${sdk.module}/${sdk.name}`;
}
