import type { SdkUse } from "../checker/declared-resources.ts";
import type { SdkName } from "../checker/sdk-symbols.ts";
import type {
  AuthHandlerModel,
  CronJobModel,
  DatabaseModel,
  EndpointModel,
  GatewayModel,
  MiddlewareModel,
  SecretModel,
  SubscriptionModel,
  TopicModel,
} from "../model/application-model.ts";
import { readAuthHandler, readGateway } from "./auth.ts";
import { readCronJob } from "./cron-jobs.ts";
import { checkDatabaseReference, readDatabase } from "./databases.ts";
import { type DiscoveryContext, reportAt } from "./discovery-context.ts";
import { readEndpoint } from "./endpoints.ts";
import { readMiddleware } from "./middleware.ts";
import { readRaw } from "./raw-endpoints.ts";
import { readSecret } from "./secrets.ts";
import { readStatic } from "./static-files.ts";
import { readStream } from "./streams.ts";
import { readSubscription } from "./subscriptions.ts";
import { readTopic } from "./topics.ts";

/** What reading resources has added to the application so far. */
export class FoundResources {
  readonly endpoints: EndpointModel[] = [];
  readonly authHandlers: AuthHandlerModel[] = [];
  readonly gateways: GatewayModel[] = [];
  readonly middleware: MiddlewareModel[] = [];
  readonly cronJobs: CronJobModel[] = [];
  readonly secrets = new Map<string, SecretModel>();
  readonly databases = new Map<string, DatabaseModel>();
  /** The name of the database that a declaration or a reference stands for. */
  readonly databaseOf = new Map<unknown, string>();
  readonly topics = new Map<string, TopicModel>();
  /** What each declaration of a topic became; null for one that is wrong. */
  readonly topicOf = new Map<unknown, TopicModel | null>();
  readonly subscriptions: SubscriptionModel[] = [];
  /** Modules that declare a resource, by their names in results. */
  readonly modules = new Set<string>();
  /** What the call that declares it became, for those that others refer to. */
  readonly endpointOf = new Map<unknown, EndpointModel>();
  readonly authHandlerOf = new Map<unknown, AuthHandlerModel>();
}

type ResourceReader = (context: DiscoveryContext, use: SdkUse, found: FoundResources) => void;

/** Every kind of resource that can be declared, by its name in the SDK. A new kind is one reader and one line. */
const readers: ReadonlyMap<string, ResourceReader> = new Map<string, ResourceReader>([
  ["api/api", (context, use, found) => addEndpoint(use, found, readEndpoint(context, use))],
  // Read by findServices, before all others: it decides whose the others are.
  ["service/Service", addModule],
  ...(["streamIn", "streamOut", "streamInOut"] as const).map((kind): [string, ResourceReader] => [
    `api/api.${kind}`,
    (context, use, found) => addEndpoint(use, found, readStream(context, use, kind)),
  ]),
  ["api/api.static", (context, use, found) => addEndpoint(use, found, readStatic(context, use))],
  ["api/api.raw", (context, use, found) => addEndpoint(use, found, readRaw(context, use))],
  ["api/middleware", (context, use, found) => void found.middleware.push(readMiddleware(context, use))],
  ["auth/authHandler", addAuthHandler],
  ["config/secret", addSecret],
  ["pubsub/Topic", addTopic],
  ["storage/sqldb/SQLDatabase", addDatabase],
  ["storage/objects/Bucket", refuse],
  ["storage/cache/CacheCluster", refuse],
]);

/** Those that refer to others, which are all read by then. */
const referring: ReadonlyMap<string, ResourceReader> = new Map<string, ResourceReader>([
  [
    "api/Gateway",
    (context, use, found) => {
      found.gateways.push(readGateway(context, use, found.authHandlerOf));
      addModule(context, use, found);
    },
  ],
  ["cron/CronJob", addCronJob],
  ["pubsub/Subscription", addSubscription],
  ["storage/sqldb/SQLDatabase.named", addDatabaseReference],
]);

/** Reads all uses of the SDK; what declares nothing (an error, a log line) is passed over. */
export function readResources(context: DiscoveryContext, uses: readonly SdkUse[]): FoundResources {
  const found = new FoundResources();
  for (const use of uses) readers.get(keyOf(use.sdk))?.(context, use, found);
  for (const use of uses) referring.get(keyOf(use.sdk))?.(context, use, found);
  return found;
}

/** Whether a use makes the folder it is in a service: it declares an endpoint of any kind, or who makes requests. */
export function declaresService({ module, name }: SdkName): boolean {
  return (module === "api" && /^api(\.|$)/.test(name)) || (module === "auth" && name === "authHandler");
}

function addEndpoint(use: SdkUse, found: FoundResources, endpoint: EndpointModel | undefined): void {
  if (endpoint === undefined) return;
  found.endpoints.push(endpoint);
  found.endpointOf.set(use.node, endpoint);
  found.modules.add(endpoint.module);
}

function addAuthHandler(context: DiscoveryContext, use: SdkUse, found: FoundResources): void {
  const handler = readAuthHandler(context, use);
  if (handler === undefined) return;
  found.authHandlers.push(handler);
  found.authHandlerOf.set(use.node, handler);
  found.modules.add(handler.module);
}

function addCronJob(context: DiscoveryContext, use: SdkUse, found: FoundResources): void {
  const job = readCronJob(context, use, found.endpointOf);
  addModule(context, use, found);
  if (job !== undefined) found.cronJobs.push(job);
}

function addSecret(context: DiscoveryContext, use: SdkUse, found: FoundResources): void {
  const secret = readSecret(context, use);
  if (secret === undefined) return;
  const known = found.secrets.get(secret.name);
  found.secrets.set(secret.name, { name: secret.name, spans: [...(known?.spans ?? []), secret.span] });
}

function addDatabase(context: DiscoveryContext, use: SdkUse, found: FoundResources): void {
  const database = readDatabase(context, use);
  if (database === undefined) return;
  const first = found.databases.get(database.name);
  if (first !== undefined) {
    reportAt(context, use.node, "database-invalid", {
      message: `Two databases are called "${database.name}"; the other one is in ${first.span.file}:${String(first.span.line)}.`,
      help: `Declare it once, and refer to it elsewhere: SQLDatabase.named("${database.name}").`,
      related: [{ span: first.span, message: "The other one." }],
    });
    return;
  }
  found.databases.set(database.name, database);
  found.databaseOf.set(use.node, database.name);
}

function addDatabaseReference(context: DiscoveryContext, use: SdkUse, found: FoundResources): void {
  const name = checkDatabaseReference(context, use, found.databases);
  if (name !== undefined) found.databaseOf.set(use.node, name);
}

function addTopic(context: DiscoveryContext, use: SdkUse, found: FoundResources): void {
  const topic = readTopic(context, use);
  addModule(context, use, found);
  const first = topic === undefined ? undefined : found.topics.get(topic.name);
  found.topicOf.set(use.node, first ?? topic ?? null);
  if (topic === undefined) return;
  if (first === undefined) {
    found.topics.set(topic.name, topic);
    return;
  }
  reportAt(context, use.node, "topic-invalid", {
    message: `Two topics are called "${topic.name}"; the other one is in ${first.span.file}:${String(first.span.line)}.`,
    help: "Declare it once, export it, and import it elsewhere.",
    related: [{ span: first.span, message: "The other one." }],
  });
}

function addSubscription(context: DiscoveryContext, use: SdkUse, found: FoundResources): void {
  const subscription = readSubscription(context, use, found.topicOf);
  addModule(context, use, found);
  if (subscription === undefined) return;
  const { topic, name } = subscription;
  const first = found.subscriptions.find((other) => other.topic === topic && other.name === name);
  if (first === undefined) {
    found.subscriptions.push(subscription);
    return;
  }
  reportAt(context, use.node, "subscription-invalid", {
    message: `Two subscriptions of the topic ${topic.name} are called "${name}"; the other one is in ${first.span.file}:${String(first.span.line)}.`,
    help: "Give one of them another name.",
    related: [{ span: first.span, message: "The other one." }],
  });
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
