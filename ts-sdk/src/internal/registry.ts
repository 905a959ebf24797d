import type { AppMeta } from "../app-meta.js";
import type { RequestMeta, RequestSignal } from "../request-meta.js";
import type { AuthResult } from "./call-context.js";
import type { ServiceCall } from "./service-calls.js";
import type { TransactionPlace } from "./transactions.js";

/**
 * What the modules in an application's bundle know of the isolate they run in.
 *
 * `runtime.js` puts one {@link IsolateRuntime} on the global object under a registered symbol, so that the SDK's modules, bundled with the
 * application, find it without a module in common. Outside a host (a unit test under Node, an editor) it is missing.
 */
export interface IsolateRuntime {
  /** Makes known what a module exports, so that the host can find the handlers its schema names. */
  bind(module: string, exports: object): void;
  /** Writes one log line at once. Levels: 0 trace, 1 debug, 2 info, 3 warn, 4 error. */
  log(level: number, message: string, fields: Record<string, unknown> | undefined): void;
  /** Makes known the class that decimals in requests are made of: the one that the application compares them with. */
  useDecimal(type: DecimalConstructor): void;
  /** The application asks for {@link currentRequest} somewhere, and may do so after an answer is given. */
  showRequests(): void;
  /** What is known of the request that the running code belongs to; undefined for none. */
  currentRequest(): RequestMeta | undefined;
  /** What the auth handler said of whoever made the call that the running code belongs to; null for nobody. */
  authData(): AuthResult | null;
  /** Calls an endpoint as another service does. */
  callService: ServiceCall;
  /** A secret's value; throws an error that names it where it isn't set. */
  secret(name: string): string;
  /** The application and its environment. */
  appMeta(): AppMeta;
  /** Aborts when nobody waits any more for the call that the running code belongs to; undefined outside of calls. */
  currentSignal(): RequestSignal | undefined;
  /** A URI by which other programs reach a database; throws an error that names it where there is none. */
  databaseUri(name: string): string;
  /** Does something with a file at once; see `HostFunctions`. */
  file(
    operation: string,
    path: string,
    target: string,
    flag: boolean,
    bytes: Uint8Array | undefined,
  ): Uint8Array | string;
  /** Makes known who handles a subscription's messages. */
  subscribe(topic: string, subscription: string, handler: MessageHandler): void;
  /**
   * Publishes a message.
   * @param settlement is told the message's id in a later turn
   * @param deliverAt when at the earliest, as ISO 8601 has it
   * @param within the transaction it is part of
   */
  publish(topic: string, message: object, settlement: Settlement, deliverAt?: string, within?: TransactionPlace): void;
  /**
   * Starts work in the host; the promise settles in a later turn.
   * @param endsWithCall whether it is cancelled when nobody waits any more for the call that the running code belongs to
   */
  startOperation(kind: string, payload: unknown, bytes?: Uint8Array, endsWithCall?: boolean): Operation;
  /**
   * {@link startOperation} without what costs: work that is cancelled when nobody waits any more for the call.
   * @param payload its JSON
   * @param settlement is told in a later turn
   */
  runOperation(kind: string, payload: string, settlement: Settlement, bytes?: Uint8Array): void;
}

/** What an operation of the host settles. Neither function may throw. */
export interface Settlement {
  /** It is done. @param bytes null where it has none */
  complete(value: unknown, bytes: Uint8Array | null): void;
  /** It failed. */
  fail(error: Error): void;
  /** The isolate's own: the client's call that it ends with. */
  call: unknown;
}

/** Handles one message of a topic. */
export type MessageHandler = (message: unknown) => unknown;

/** The class of decimals, as far as the isolate needs it. */
export type DecimalConstructor = new (value: string) => object;

/** Work that goes on in the host. */
export interface Operation {
  promise: Promise<OperationResult>;
  /** Tells the host that nobody waits any more; the promise rejects with the host's answer to that. */
  cancel(): void;
}

/** What the host answered: a JSON value, and bytes where the operation has any. */
export interface OperationResult {
  value: unknown;
  bytes: Uint8Array | null;
}

/** Where an endpoint object keeps its handler; registered, so that it survives two copies of the SDK in one bundle. */
export const endpointSymbol: unique symbol = Symbol.for("encore-host.endpoint") as never;

const runtimeSymbol = Symbol.for("encore-host.runtime");

/** The isolate's runtime, or undefined outside a host. */
export function isolateRuntime(): IsolateRuntime | undefined {
  return (globalThis as { [runtimeSymbol]?: IsolateRuntime })[runtimeSymbol];
}

/** Puts the runtime where {@link isolateRuntime} finds it; called once, by `runtime.js`. */
export function installRuntime(runtime: IsolateRuntime): void {
  Object.defineProperty(globalThis, runtimeSymbol, { value: runtime });
}

/** Called by the bundle's generated entry for each module that declares a resource. */
export function bind(module: string, exports: object): void {
  isolateRuntime()?.bind(module, exports);
}
