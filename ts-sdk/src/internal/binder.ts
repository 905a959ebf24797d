import type { AsyncContext } from "./async-context.js";
import { type AuthFunction, type Authenticate, authentication } from "./authentication.js";
import type {
  ApplicationBinding,
  AuthBinding,
  BoundEndpoint,
  EndpointBinding,
  Handler,
  ServiceBinding,
  SubscriptionBinding,
} from "./bound-endpoint.js";
import type { AuthResult, CallContext } from "./call-context.js";
import { apiError } from "./errors.js";
import type { HostFunctions } from "./host.js";
import type { MessageChecks } from "./local-stream.js";
import { applies, type Middleware, runChain, startChain } from "./middleware-chain.js";
import { type OpenExchange, rawEndpoint } from "./raw-endpoint.js";
import { type DecimalConstructor, endpointSymbol, type MessageHandler } from "./registry.js";
import { type CheckResult, createValueChecks, type ValueCheck } from "./value-checks.js";
import { isStream, streamEndpoint } from "./stream-endpoint.js";
import type { StreamTable } from "./streams.js";
import { boundSubscription } from "./subscriptions.js";
import { TopicTable } from "./topics.js";
import { Decimal } from "../types/decimal.js";

/** Finds what the host's schema names among the exports of an application's modules. */
export class Binder {
  /** By the ids that the host calls them by. */
  readonly endpoints: BoundEndpoint[] = [];
  /** Asks the application's auth handler; undefined where it has none. */
  authenticate: Authenticate | undefined;
  readonly topics = new TopicTable();
  /** Stands for the auth handler where a call is for it alone. */
  readonly authEndpoint: BoundEndpoint;
  readonly #modules = new Map<string, object>();
  readonly #byName = new Map<string, BoundEndpoint>();
  readonly #messageHandlers = new Map<string, MessageHandler>();
  readonly #host: HostFunctions;
  readonly #context: AsyncContext;
  readonly #checks: (endpoint: number) => ValueCheck;
  readonly #streams: StreamTable;
  readonly #openExchange: OpenExchange;
  #auth: AuthBinding | undefined;
  // The application's class; one that only names the type in its declarations has none of its own.
  #decimal: DecimalConstructor = Decimal;

  constructor(host: HostFunctions, context: AsyncContext, streams: StreamTable, openExchange: OpenExchange) {
    this.#host = host;
    this.#context = context;
    this.#checks = createValueChecks(host, () => this.#decimal);
    this.#streams = streams;
    this.#openExchange = openExchange;
    this.authEndpoint = this.#endpoint(authOnlyBinding, () => undefined, []);
  }

  addModule(module: string, exports: object): void {
    this.#modules.set(module, exports);
  }

  useDecimal(type: DecimalConstructor): void {
    this.#decimal = type;
  }

  addSubscription(topic: string, subscription: string, handler: MessageHandler): void {
    this.#messageHandlers.set(`${topic}/${subscription}`, handler);
  }

  /** An endpoint by its names; undefined where this process doesn't run it. */
  find(service: string, endpoint: string): BoundEndpoint | undefined {
    return this.#byName.get(`${service}.${endpoint}`);
  }

  /** The application's class of decimals. */
  get decimal(): DecimalConstructor {
    return this.#decimal;
  }

  /** What the auth handler said in another host. */
  reviveAuthData(data: unknown): AuthResult | null {
    const { reviveData } = this.#auth ?? {};
    return (data === null || reviveData === undefined ? data : reviveData(data, this.#decimal)) as AuthResult | null;
  }

  /** What the auth handler said, as another host is told. */
  lowerAuthData(data: AuthResult | null): unknown {
    const { lowerData } = this.#auth ?? {};
    return data === null || lowerData === undefined ? data : lowerData(data);
  }

  /** An auth handler's parameters, as it gets them. */
  reviveAuth(params: unknown): unknown {
    const { revive } = this.#auth ?? {};
    return revive === undefined ? params : revive(params, this.#decimal);
  }

  /** @returns names what is missing, one line each; "" when all is there */
  bind(application: ApplicationBinding): string {
    const missing: string[] = [];
    const middlewares = new Map(
      application.services.map((service) => [service.name, this.#middlewaresOf(service, missing)]),
    );
    this.endpoints.length = 0;
    for (const binding of application.endpoints)
      this.#bindEndpoint(binding, middlewares.get(binding.service) ?? [], missing);
    this.topics.bind(application.topics);
    for (const binding of application.subscriptions) this.#bindSubscription(binding, missing);
    if (application.auth !== undefined) this.#bindAuth(application.auth, missing);
    return missing.join("\n");
  }

  #bindEndpoint(binding: EndpointBinding, middlewares: readonly Middleware[], missing: string[]): void {
    const handler =
      binding.remote === undefined ? (this.#handlerOf(binding) as Handler | undefined) : elsewhere(binding);
    if (handler === undefined && binding.kind !== "static") {
      missing.push(
        `${binding.service}.${binding.endpoint}: ${binding.module} exports no endpoint named ${binding.exportName}`,
      );
      return;
    }
    const around = middlewares.filter((middleware) => applies(middleware, binding));
    const bound = this.#endpoint(binding, handler ?? (() => undefined), around);
    this.endpoints.push(bound);
    for (const name of [binding.service, clientName(binding.service)]) {
      this.#byName.set(`${name}.${binding.endpoint}`, bound);
    }
  }

  #bindSubscription(binding: SubscriptionBinding, missing: string[]): void {
    const { topic, name, module } = binding;
    const handler = this.#messageHandlers.get(`${topic}/${name}`);
    if (handler === undefined) {
      missing.push(`${topic}/${name}: ${module} makes no Subscription of this topic and name when it is loaded`);
      return;
    }
    const { revive } = this.topics.find(topic);
    this.endpoints.push(
      boundSubscription(binding, handler, (message) =>
        revive === undefined ? message : revive(message, this.#decimal),
      ),
    );
  }

  #bindAuth(binding: AuthBinding, missing: string[]): void {
    const handler = this.#handlerOf(binding) as AuthFunction | undefined;
    if (handler === undefined) {
      missing.push(`${binding.module} exports no auth handler named ${binding.exportName}`);
      return;
    }
    this.#auth = binding;
    this.authenticate = authentication(handler, binding.cacheSeconds, () => this.#host.now());
  }

  #middlewaresOf(service: ServiceBinding, missing: string[]): readonly Middleware[] {
    const exported = this.#exported(service) as { cfg?: { middlewares?: readonly Middleware[] } } | undefined;
    if (exported === undefined) {
      missing.push(`${service.name}: ${service.module} exports no Service named ${service.exportName}`);
    }
    return exported?.cfg?.middlewares ?? [];
  }

  #exported({ module, exportName }: { module: string; exportName: string }): unknown {
    return (this.#modules.get(module) as Record<string, unknown> | undefined)?.[exportName];
  }

  #endpoint(binding: EndpointBinding, handler: Handler, middlewares: readonly Middleware[]): BoundEndpoint {
    const id = this.endpoints.length;
    const decimal = (): DecimalConstructor => this.#decimal;
    const bound = bindEndpoint(binding, handler, middlewares, decimal, this.#context, () => this.#checks(id));
    if (binding.kind === "raw") return Object.assign(bound, rawEndpoint(bound, this.#context, this.#openExchange));
    if (!isStream(binding)) return bound;
    const checks = (): MessageChecks => {
      const { checkMessage, copyMessage } = this.#checks(id);
      return {
        incoming: (message) => (checkMessage === undefined ? message : checked(checkMessage(message))),
        outgoing: (message) => (copyMessage === undefined ? message : copyMessage(message)),
      };
    };
    const stream = streamEndpoint(bound, this.#streams, decimal, this.#context, checks);
    return Object.assign(bound, stream, { messageChecks: checks });
  }

  #handlerOf(place: { module: string; exportName: string }): unknown {
    return (this.#exported(place) as { [endpointSymbol]?: { handler?: unknown } } | undefined)?.[endpointSymbol]
      ?.handler;
  }
}

const authOnlyBinding: EndpointBinding = {
  service: "",
  endpoint: "authHandler",
  kind: "typed",
  expose: false,
  auth: true,
  sensitive: true,
  tags: [],
  takesParams: true,
  handshake: false,
  module: "",
  exportName: "",
};

function bindEndpoint(
  binding: EndpointBinding,
  handler: Handler,
  middlewares: readonly Middleware[],
  decimal: () => DecimalConstructor,
  context: AsyncContext,
  checks: () => ValueCheck,
): BoundEndpoint {
  const { revive } = binding;
  const read = (call: CallContext, parsed: unknown): unknown =>
    (call.request = revive === undefined ? parsed : revive(parsed, decimal()));
  const bound: BoundEndpoint = {
    ...binding,
    handler,
    middlewares,
    checkRequest: (params) => {
      const { check } = checks();
      return check === undefined ? params : checked(check(params));
    },
    copyResponse: (value) => {
      const { copy } = checks();
      return copy === undefined ? value : copy(value);
    },
    answer: (call, request) => {
      call.request = request;
      if (middlewares.length === 0) return handler(request);
      return runChain(context, bound, call, handler, request).then((response) => response.payload);
    },
    run: (call, parsed) => handler(read(call, parsed)),
    runThroughMiddleware: (call, parsed) => startChain(context, bound, call, handler, read(call, parsed)),
  };
  return bound;
}

/** Stands for the handler of an endpoint that this process doesn't run, for whoever asks for it all the same. */
function elsewhere({ service, endpoint }: EndpointBinding): Handler {
  return () => {
    throw apiError("unimplemented", `${service}.${endpoint} is run by another host`);
  };
}

/** What clients call a service; the extractor's `clientName` says the same. */
function clientName(service: string): string {
  return service.replace(/-+([A-Za-z0-9_])/g, (_, next: string) => next.toUpperCase()).replace(/-/g, "");
}

function checked(result: CheckResult): unknown {
  if (result.ok) return result.value;
  throw apiError("invalid_argument", result.message, result.details);
}
