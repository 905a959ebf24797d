/**
 * The isolate's side of a turn: takes a batch of calls and completions, runs what they start, and hands back what came of it.
 *
 * A turn is one host→script call. Microtasks run before it returns, and the last of them flushes the answers and operations of the turn in
 * one script→host call. Nothing here may throw: an error that isn't caught would lose the rest of the batch.
 */
import type { AppMeta } from "../app-meta.js";
import { type AsyncContext, runWith } from "./async-context.js";
import { type ApplicationBinding, type BoundEndpoint } from "./bound-endpoint.js";
import { Binder } from "./binder.js";
import { CallContext, type RequestDescription, type TraceParts } from "./call-context.js";
import { headOf } from "./handler-response.js";
import type { HostFunctions } from "./host.js";
import {
  AnswerStatus,
  answerWidth,
  authOnly,
  CallFlag,
  inStart,
  ItemKind,
  itemCapacity,
  itemWidth,
  outStart,
  TurnState,
  turnStateAt,
} from "./layout.js";
import { responseOf } from "./middleware-chain.js";
import { OperationTable } from "./operations.js";
import type { IsolateRuntime } from "./registry.js";
import { authenticateCall } from "./authentication.js";
import { describeError } from "./errors.js";
import { createRemoteCalls } from "./remote-calls.js";
import { createRemoteStreams, type Later } from "./remote-streams.js";
import { messageFields, requestMeta } from "./request-meta.js";
import type { OpenExchange } from "./raw-endpoint.js";
import { createServiceCalls } from "./service-calls.js";
import { StreamTable } from "./streams.js";
import { createPublish } from "./topics.js";

const errorLevel = 4;

/** Builds the functions that the host calls and the runtime that the SDK's modules use. */
export function createDispatcher(
  host: HostFunctions,
  memory: ArrayBuffer,
  fireTimers: () => void,
  context: AsyncContext,
  openExchange: OpenExchange,
  later: Later,
) {
  const control = new Int32Array(memory);
  const streams = new StreamTable(answer);
  const binder = new Binder(host, context, streams, openExchange);
  const { endpoints } = binder;
  const services = { describe, remaining: (slot: number) => host.remaining(slot) };
  const operations = new OperationTable(host, context, sendOperation);
  const giveUp = (id: number): void => {
    operations.giveUp(id);
  };
  const begin = operations.begin.bind(operations);
  const remote = createRemoteCalls(binder, begin, createRemoteStreams(binder, operations, context, later));
  const resolved = Promise.resolve();
  // The engine's own: a subclass or an application that replaces it must not make a call answer twice.
  const then = Promise.prototype.then;
  let answers = "";
  let answerCount = 0;
  let started = "";
  let flushing = false;
  // Set once the application has the function that shows requests: what they said is then kept for code that runs on after an answer.
  let showsRequests = false;

  function flush(): void {
    flushing = false;
    const text = answers;
    const count = answerCount;
    const operationsText = started === "" ? "" : `[${started}]`;
    answers = "";
    answerCount = 0;
    started = "";
    host.flush(count, text, operationsText);
    if (control[turnStateAt] === TurnState.unflushed) control[turnStateAt] = TurnState.done;
  }

  function flushLater(): void {
    if (!flushing) {
      flushing = true;
      if (control[turnStateAt] === TurnState.done) control[turnStateAt] = TurnState.unflushed;
      void resolved.then(flush);
    }
  }

  function answer(slot: number, status: number, text: string): void {
    if (answerCount === itemCapacity) flush();
    const at = outStart + answerCount * answerWidth;
    control[at] = slot;
    control[at + 1] = status;
    control[at + 2] = text.length;
    answers += text;
    answerCount++;
    flushLater();
  }

  function succeed(call: CallContext, value: unknown): void {
    const { lower } = call.endpoint;
    let text: string | undefined;
    try {
      text = JSON.stringify(lower === undefined ? value : lower(value));
    } catch (error) {
      fail(call, error);
      return;
    }
    const { slot } = call;
    call.end(showsRequests);
    if (call.auth === null) answer(slot, AnswerStatus.value, text ?? "");
    else answer(slot, AnswerStatus.headed, `[0,[],${JSON.stringify(call.auth.userID)}]${text ?? ""}`);
  }

  /** A message is handled, whatever its handler returned. */
  function acknowledge(call: CallContext): void {
    succeed(call, undefined);
  }

  function succeedWithHead(call: CallContext, value: unknown): void {
    try {
      const response = responseOf(value);
      const { status, headers } = headOf(response)!;
      if (status === 0 && headers.length === 0) {
        succeed(call, response.payload);
        return;
      }
      const head = JSON.stringify([status, headers.flat(), call.auth?.userID ?? null]);
      const { slot, endpoint } = call;
      const payload = endpoint.lower === undefined ? response.payload : endpoint.lower(response.payload);
      const text = head + (JSON.stringify(payload) ?? "");
      call.end(showsRequests);
      answer(slot, AnswerStatus.headed, text);
    } catch (error) {
      fail(call, error);
    }
  }

  function fail(call: CallContext, error: unknown, refused = false): void {
    const { slot } = call;
    call.end(showsRequests);
    const description = describeError(error);
    if (refused) description.refused = true;
    if (call.auth !== null) description.uid = call.auth.userID;
    answer(slot, AnswerStatus.error, JSON.stringify(description));
  }

  function describe(slot: number): RequestDescription | undefined {
    const text = host.describe(slot);
    return text === "" ? undefined : (JSON.parse(text) as RequestDescription);
  }

  /** Adds to the operations of this turn. */
  function sendOperation(text: string): void {
    started = started === "" ? text : `${started},${text}`;
    flushLater();
  }

  /** A turn that was interrupted never flushed. The host has given its calls up, and what was being written of their answers may be torn. */
  function recover(): void {
    answers = "";
    answerCount = 0;
    flushing = false;
    if (started !== "") flushLater();
  }

  function settle(call: CallContext, result: unknown, done: (call: CallContext, value: never) => void): void {
    if (result instanceof Promise) {
      void then.call(
        result,
        (value) => done(call, value as never),
        (error: unknown) => fail(call, error),
      );
    } else if (typeof (result as PromiseLike<unknown> | null | undefined)?.then === "function") {
      Promise.resolve(result).then(
        (value) => done(call, value as never),
        (error: unknown) => fail(call, error),
      );
    } else {
      done(call, result as never);
    }
  }

  function run(call: CallContext, request: unknown): void {
    const { endpoint } = call;
    if (endpoint.subscription !== undefined) settle(call, endpoint.run(call, request), acknowledge);
    else if (endpoint.middlewares.length === 0) settle(call, endpoint.run(call, request), succeed);
    else settle(call, endpoint.runThroughMiddleware(call, request), succeedWithHead);
  }

  async function runAuthenticated(call: CallContext, params: unknown, request: unknown): Promise<void> {
    try {
      await authenticateCall(call, binder.authenticate!, binder.reviveAuth(params));
    } catch (error) {
      fail(call, error, true);
      return;
    }
    try {
      if (call.endpoint === binder.authEndpoint) succeed(call, binder.lowerAuthData(call.auth));
      else runWith(context, call, () => run(call, request));
    } catch (error) {
      fail(call, error);
    }
  }

  function start(slot: number, at: number, payload: unknown): void {
    const id = control[at + 2]!;
    // The host refuses to start with an endpoint that isn't bound, so the index is always inside.
    const endpoint: BoundEndpoint = id === authOnly ? binder.authEndpoint : endpoints[id]!;
    const call = new CallContext(services, slot, endpoint, traceAt(at));
    context.set(call);
    try {
      const flags = control[at + 3]!;
      if (flags === 0) {
        run(call, payload);
        return;
      }
      const [who, request] = payload as [unknown, unknown];
      if ((flags & CallFlag.authenticates) !== 0) {
        void runAuthenticated(call, who, request);
      } else {
        call.auth = binder.reviveAuthData(who);
        run(call, request);
      }
    } catch (error) {
      fail(call, error);
    } finally {
      context.set(undefined);
    }
  }

  function traceAt(at: number): TraceParts {
    return [control[at + 4]!, control[at + 5]!, control[at + 6]!, control[at + 7]!, control[at + 8]!, control[at + 9]!];
  }

  /** One turn. */
  function dispatch(text: string, count: number): void {
    if (flushing) recover();
    const payloads = JSON.parse(text) as unknown[];
    for (let i = 0, at = inStart; i < count; i++, at += itemWidth) {
      const id = control[at + 1]!;
      const detail = control[at + 2]!;
      switch (control[at]) {
        case ItemKind.call:
          start(id, at, payloads[i]);
          break;
        case ItemKind.completed:
          operations.complete(id, detail === 1, payloads[i]);
          break;
        case ItemKind.failed:
          operations.fail(id, payloads[i]);
          break;
        case ItemKind.timers:
          fireTimers();
          break;
        case ItemKind.canceled:
          CallContext.cancel(id, detail === 1, giveUp);
          streams.cancel(id);
          break;
        case ItemKind.streamMessage:
          streams.message(id, payloads[i], detail === 1);
          break;
        case ItemKind.streamEnd:
          streams.inputEnded(id, detail === 1);
          break;
        case ItemKind.streamCredit:
          streams.credit(id, detail, control[at + 3]!);
          break;
      }
    }
    control[turnStateAt] = flushing ? TurnState.unflushed : TurnState.done;
  }

  /** The application's module is done, or has thrown. */
  function settled(...errors: unknown[]): void {
    host.loaded(errors.length === 0 ? "" : JSON.stringify(describeError(errors[0])));
  }

  /**
   * Finds the handlers of an application among its modules' exports.
   * @param source an {@link ApplicationBinding} as JavaScript, since revivers are functions
   * @returns names what is missing, one line each; "" when all are there
   */
  function bindApplication(source: string): string {
    return binder.bind((0, eval)(source) as ApplicationBinding);
  }

  /** What each log line says of the call it belongs to. */
  function callFields(): Record<string, unknown> | undefined {
    const call = context.get() as CallContext | undefined;
    if (call === undefined) return undefined;
    const { service, endpoint, subscription } = call.endpoint;
    const uid = call.auth?.userID;
    return {
      ...(subscription === undefined ? { service, endpoint } : messageFields(call, subscription)),
      ...(uid !== undefined && { uid }),
      trace_id: call.traceId,
      span_id: call.spanId,
    };
  }

  function log(level: number, message: string, fields: Record<string, unknown> | undefined): void {
    const of = callFields();
    // The call's own come first, and hold: a field of the application's can't claim another request.
    const all = of === undefined ? fields : { ...of, ...fields, ...of };
    host.log(level, message, all === undefined ? "" : JSON.stringify(all));
  }

  /** An error between services: its caller learns only that there was one. */
  function logFailure(error: unknown): void {
    const { name, message, stack } = describeError(error);
    log(errorLevel, "request failed", {
      code: "internal",
      error: `${name}: ${message}`,
      ...(stack !== "" && { stack }),
    });
  }

  const runtime: IsolateRuntime = {
    bind: (module, exports) => binder.addModule(module, exports),
    useDecimal: (type) => binder.useDecimal(type),
    subscribe: (topic, subscription, handler) => binder.addSubscription(topic, subscription, handler),
    publish: createPublish(binder.topics, context, (kind, payload, settlement) => {
      operations.start(kind, payload, settlement, undefined, false);
    }),
    log,
    showRequests: () => void (showsRequests = true),
    currentRequest: () => {
      const call = context.get() as CallContext | undefined;
      return call === undefined ? undefined : requestMeta(call);
    },
    authData: () => (context.get() as CallContext | undefined)?.auth ?? null,
    callService: createServiceCalls(binder, context, services, remote, logFailure),
    secret: (name) => {
      const value = host.secret(name);
      if (value !== null) return value;
      throw new Error(
        `the secret ${name} isn't set: set the environment variable ${name}, or name it under "secrets" in infra.config.json`,
      );
    },
    appMeta: () => JSON.parse(host.appMeta()) as AppMeta,
    currentSignal: () => (context.get() as CallContext | undefined)?.signal,
    file: (operation, path, target, flag, bytes) => host.file(operation, path, target, flag, bytes),
    databaseUri: (name) => {
      const uri = host.databaseUri(name);
      if (uri !== "") return uri;
      throw new Error(`no database of the application is called ${name}: declare it by new SQLDatabase("${name}", …)`);
    },
    startOperation: begin,
    runOperation: (kind, payload, settlement, bytes) => {
      operations.start(kind, payload, settlement, bytes, true);
    },
  };

  return { dispatch, settled, bindApplication, runtime };
}
