import type { Span } from "../isolate/protocol.ts";
import type { ModelType } from "./type-model.ts";

/** An application as it is declared, before it becomes an artifact. */
export interface ApplicationModel {
  readonly name: string;
  /** Sorted by name. */
  readonly services: readonly ServiceModel[];
  /** The services that each service calls, itself aside, in its own files; sorted by name. */
  readonly calls: ReadonlyMap<ServiceModel, readonly ServiceModel[]>;
  /** Sorted by service, then name. */
  readonly endpoints: readonly EndpointModel[];
  /** Sorted by module, then name. */
  readonly authHandlers: readonly AuthHandlerModel[];
  readonly gateways: readonly GatewayModel[];
  /** Sorted by module, then place. */
  readonly middleware: readonly MiddlewareModel[];
  /** Sorted by name. */
  readonly cronJobs: readonly CronJobModel[];
  /** Sorted by name. */
  readonly secrets: readonly SecretModel[];
  /** Sorted by name. */
  readonly databases: readonly DatabaseModel[];
  /** In the order of files and places. */
  readonly queries: readonly SqlQueryModel[];
  /** Sorted by name. */
  readonly topics: readonly TopicModel[];
  /** Sorted by topic, then name. */
  readonly subscriptions: readonly SubscriptionModel[];
  /** Modules that declare a resource, relative to the root; sorted. */
  readonly modules: readonly string[];
}

/** A service: a folder, and what it is called. */
export interface ServiceModel {
  readonly name: string;
  /** Relative to the root; "" is the root itself. */
  readonly folder: string;
  /** Of `new Service(…)`; null where the folder alone makes the service. */
  readonly span: Span | null;
  readonly doc: string;
  /** Where the `Service` is exported; null where there is none, or nothing exports it. */
  readonly exported: ExportModel | null;
}

/** Where something is exported. */
export interface ExportModel {
  /** Relative to the root. */
  readonly module: string;
  readonly exportName: string;
}

/** What an endpoint is. */
export type EndpointKind = "typed" | "raw" | "streamIn" | "streamOut" | "streamInOut" | "static";

/** The messages of a stream. */
export interface StreamModel {
  /** null: the client sends nothing. */
  readonly incoming: ModelType | null;
  /** null: the handler sends nothing. */
  readonly outgoing: ModelType | null;
}

/** Files that are served. */
export interface StaticModel {
  /** Relative to the root. */
  readonly dir: string;
  /** Relative to the root; "" for none. */
  readonly notFound: string;
  readonly notFoundStatus: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** An auth handler. */
export interface AuthHandlerModel extends ExportModel {
  readonly name: string;
  readonly service: ServiceModel;
  readonly doc: string;
  readonly span: Span;
  readonly params: ModelType | null;
  readonly authData: ModelType;
  /** 0: asked every time. */
  readonly cacheSeconds: number;
}

export interface GatewayModel {
  readonly name: string;
  readonly span: Span;
  readonly authHandler: AuthHandlerModel | null;
}

export interface MiddlewareModel {
  readonly name: string;
  /** Relative to the root. */
  readonly module: string;
  readonly span: Span;
  readonly target: MiddlewareTargetModel | null;
}

export interface MiddlewareTargetModel {
  readonly expose?: boolean;
  readonly auth?: boolean;
  readonly isRaw?: boolean;
  readonly isStream?: boolean;
  readonly tags?: readonly string[];
}

export interface CronJobModel {
  readonly name: string;
  readonly title: string;
  readonly doc: string;
  readonly span: Span;
  readonly endpoint: EndpointModel;
  readonly timing: { readonly everySeconds: number } | { readonly schedule: string };
}

export interface SecretModel {
  readonly name: string;
  readonly spans: readonly Span[];
}

/** A database. */
export interface DatabaseModel {
  readonly name: string;
  readonly doc: string;
  readonly span: Span;
  /** null: the application makes no tables. */
  readonly migrations: MigrationsModel | null;
}

/** Where migrations are, and how they lie there. */
export interface MigrationsModel {
  /** Relative to the root. */
  readonly folder: string;
  readonly source: "plain" | "drizzle" | "drizzleV1" | "prisma";
}

/** A statement whose text is known at build time. */
export interface SqlQueryModel {
  readonly database: DatabaseModel;
  /** With $1, $2, … for what is inserted. */
  readonly text: string;
  readonly parameters: number;
  readonly span: Span;
  /** Where each piece of text begins, one more than there are parameters. */
  readonly parts: readonly Span[];
}

/** A topic. */
export interface TopicModel {
  readonly name: string;
  readonly doc: string;
  readonly span: Span;
  readonly guarantee: "atLeastOnce" | "exactlyOnce";
  /** One of the attributes; "" for none. */
  readonly orderingAttribute: string;
  /** An object, a record, any of these, or anything at all. */
  readonly message: ModelType;
  /** The names of the fields that travel beside the body, too. */
  readonly attributes: readonly string[];
}

/** How a subscription's messages are handled. */
export interface SubscriptionSettingsModel {
  /** null: no limit. */
  readonly maxConcurrency: number | null;
  readonly ackDeadlineSeconds: number;
  readonly messageRetentionSeconds: number;
  readonly minBackoffSeconds: number;
  readonly maxBackoffSeconds: number;
  /** -1: as many as it takes. */
  readonly maxRetries: number;
}

/** A subscription. */
export interface SubscriptionModel extends SubscriptionSettingsModel {
  readonly topic: TopicModel;
  readonly name: string;
  readonly doc: string;
  readonly span: Span;
  readonly service: ServiceModel;
  /** The module that declares it, relative to the root. */
  readonly module: string;
}

/** An endpoint of any kind. */
export interface EndpointModel {
  readonly name: string;
  readonly service: ServiceModel;
  readonly doc: string;
  readonly span: Span;
  /** The module that exports it, relative to the root. */
  readonly module: string;
  readonly exportName: string;
  readonly kind: EndpointKind;
  readonly options: EndpointOptionsModel;
  /** Of the kinds of streams. */
  readonly stream: StreamModel | null;
  /** Of the kind "static". */
  readonly static: StaticModel | null;
  /** A stream's: its handshake. null: the handler takes nothing. */
  readonly request: ModelType | null;
  /** null: the handler answers nothing. */
  readonly response: ModelType | null;
}

export interface EndpointOptionsModel {
  /** Upper case, as declared; "*" alone is any. */
  readonly methods: readonly string[];
  /** null where the declaration is broken, which is reported. */
  readonly path: readonly PathSegmentModel[] | null;
  /** Where the path is declared. */
  readonly pathSpan: Span;
  readonly expose: boolean;
  readonly auth: boolean;
  /** Bytes; null: no limit; undefined: the host's default. */
  readonly bodyLimit: number | null | undefined;
  readonly tags: readonly string[];
  readonly sensitive: boolean;
}

export interface PathSegmentModel {
  readonly kind: "literal" | "parameter" | "wildcard" | "fallback";
  /** The decoded text, or the parameter's name. */
  readonly value: string;
}
