import type { CallContext } from "./call-context.js";
import type { DecimalConstructor } from "./registry.js";
import type { MessageChecks } from "./local-stream.js";
import type { Lowerer } from "./lowering.js";
import type { Middleware } from "./middleware-chain.js";

/** Turns normalised values into Date, bigint and the like. */
export type Reviver = (request: unknown, decimal: DecimalConstructor) => unknown;

export type Handler = (request?: unknown) => unknown;

export type EndpointKind = "typed" | "raw" | "streamIn" | "streamOut" | "streamInOut" | "static";

/** One endpoint as the host's schema names it. */
export interface EndpointBinding {
  service: string;
  endpoint: string;
  kind: EndpointKind;
  expose: boolean;
  auth: boolean;
  sensitive: boolean;
  tags: readonly string[];
  takesParams: boolean;
  module: string;
  exportName: string;
  /** Absent where the request has nothing to revive. */
  revive?: Reviver;
  /** Turns an answer into what `JSON.stringify` can carry; absent where it can already. */
  lower?: Lowerer;
  /** Of a stream: whether its handler takes the handshake's parameters before the stream. */
  handshake: boolean;
  /** Of a stream: as `revive`, for what the client sends. */
  reviveMessage?: Reviver;
  /** Of a stream: as `lower`, for what the handler sends. */
  lowerMessage?: Lowerer;
  /** How values cross to the host that runs the endpoint, and back; absent where this one does. */
  remote?: RemoteBinding;
}

/** How values cross to another host; a member that is missing leaves them as they are. */
export interface RemoteBinding {
  /** Turns what the caller passes into what `JSON.stringify` can carry. */
  lower?: Lowerer;
  /** Turns what comes back into what the caller gets. */
  revive?: Reviver;
  /** Of a stream: as `lower`, for what the caller sends. */
  lowerMessage?: Lowerer;
  /** Of a stream: as `revive`, for what the handler sends. */
  reviveMessage?: Reviver;
}

/** A topic as the host's schema names it. */
export interface TopicBinding {
  name: string;
  /** Turns what is published into what `JSON.stringify` can carry; absent where it can already. */
  lower?: Lowerer;
  /** Absent where a message has nothing to revive. */
  revive?: Reviver;
}

/** A subscription as the host's schema names it. */
export interface SubscriptionBinding {
  topic: string;
  name: string;
  /** The service it belongs to; "" for none. */
  service: string;
  sensitive: boolean;
  /** The module that makes it. */
  module: string;
}

/** A message as the host hands it to a subscription. */
export interface DeliveredMessage {
  id: string;
  /** How often it has been delivered, this time included. */
  attempt: number;
  /** When it was published, as ISO 8601 has it. */
  at: string;
  message: unknown;
}

/** An endpoint with its handler. */
export interface BoundEndpoint extends EndpointBinding {
  /** Where messages are handled and no requests. */
  subscription?: SubscriptionBinding;
  /** The application's own function. */
  handler: Handler;
  /** What runs around the handler, outermost first. */
  middlewares: readonly Middleware[];
  /** A copy of what another service passes. @throws an `APIError` that says what is wrong with it */
  checkRequest(params: unknown): unknown;
  /** Runs the handler, and what runs around it, with the parameters as they are. */
  answer(call: CallContext, request: unknown): unknown;
  /**
   * Of a stream: opens it for another service.
   * @param asError what becomes of an error on its way to the caller
   * @returns what the caller gets, once the handler begins
   */
  open?(call: CallContext, request: unknown, asError: (error: unknown) => unknown): Promise<object>;
  /** Of a stream: what messages between services go through. */
  messageChecks?(): MessageChecks;
  /** A copy of what the handler answers another service. */
  copyResponse(value: unknown): unknown;
  /** Runs the handler with parsed parameters; its answer isn't lowered. */
  run(call: CallContext, parsed: unknown): unknown;
  /** The same with everything that runs around the handler; a `HandlerResponse`, as far as middleware keeps to that. */
  runThroughMiddleware(call: CallContext, parsed: unknown): unknown;
}

/** A service's module, which may say what runs around its handlers. */
export interface ServiceBinding {
  name: string;
  module: string;
  exportName: string;
}

/** The application's auth handler. */
export interface AuthBinding {
  module: string;
  exportName: string;
  revive?: Reviver;
  /** As `revive`, for what the handler said in another host. */
  reviveData?: Reviver;
  /** As `lower` of endpoints, for what the handler says and another host is told. */
  lowerData?: Lowerer;
  /** How long a result may be used again for the same parameters; 0: never. */
  cacheSeconds: number;
}

/** All that the host needs to find in an application. */
export interface ApplicationBinding {
  endpoints: readonly EndpointBinding[];
  services: readonly ServiceBinding[];
  topics: readonly TopicBinding[];
  /** They are called by the ids that follow those of endpoints. */
  subscriptions: readonly SubscriptionBinding[];
  auth?: AuthBinding;
}
