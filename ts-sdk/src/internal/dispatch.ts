/**
 * The isolate's side of a turn: takes a batch of calls and completions, runs what they start, and hands back what came of it.
 *
 * A turn is one host→script call. Microtasks run before it returns, and the last of them flushes the answers and operations of the turn in
 * one script→host call. Nothing here may throw: an error that isn't caught would lose the rest of the batch.
 */
import type { HostFunctions } from "./host.js";
import {
  AnswerStatus,
  inStart,
  ItemKind,
  itemCapacity,
  itemWidth,
  outStart,
  TurnState,
  turnStateAt,
} from "./layout.js";
import {
  type DecimalConstructor,
  endpointSymbol,
  type IsolateRuntime,
  type Operation,
  type OperationResult,
} from "./registry.js";
import { describeError } from "./errors.js";
import { type Lowerer, lowered } from "./lowering.js";
import { Decimal } from "../types/decimal.js";

type Handler = (request?: unknown) => unknown;
type Reviver = (request: unknown, decimal: DecimalConstructor) => unknown;

/** One endpoint as the host's schema names it. */
export interface EndpointBinding {
  /** `service.endpoint`, for messages. */
  name: string;
  module: string;
  exportName: string;
  /** Turns normalised values into Date, bigint and the like; absent where the request has none. */
  revive?: Reviver;
  /** Turns an answer into what `JSON.stringify` can carry; absent where it can already. */
  lower?: Lowerer;
}

interface PendingOperation {
  resolve(result: OperationResult): void;
  reject(error: Error): void;
}

/** Builds the functions that the host calls and the runtime that the SDK's modules use. */
export function createDispatcher(host: HostFunctions, memory: ArrayBuffer, fireTimers: () => void) {
  const control = new Int32Array(memory);
  const modules = new Map<string, object>();
  const handlers: Handler[] = [];
  const operations = new Map<number, PendingOperation>();
  const resolved = Promise.resolve();
  // The engine's own: a subclass or an application that replaces it must not make a call answer twice.
  const then = Promise.prototype.then;
  let answers = "";
  let answerCount = 0;
  let started = "";
  let lastOperation = 0;
  let flushing = false;

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
    const at = outStart + answerCount * itemWidth;
    control[at] = slot;
    control[at + 1] = status;
    control[at + 2] = text.length;
    answers += text;
    answerCount++;
    flushLater();
  }

  function succeed(slot: number, value: unknown): void {
    let text: string | undefined;
    try {
      text = JSON.stringify(value);
    } catch (error) {
      fail(slot, error);
      return;
    }
    answer(slot, AnswerStatus.value, text ?? "");
  }

  function fail(slot: number, error: unknown): void {
    answer(slot, AnswerStatus.error, JSON.stringify(describeError(error)));
  }

  /** Adds to the operations of this turn. The payload becomes text at once, so that one that can't fails its caller and not the turn. */
  function start(id: number, kind: string, payload: unknown): void {
    const text = `[${id},${JSON.stringify(kind)},${JSON.stringify(payload) ?? "null"}]`;
    started = started === "" ? text : `${started},${text}`;
    flushLater();
  }

  /** Numbers travel as Int32, and come round again in a long life. */
  function nextOperation(): number {
    do {
      lastOperation = lastOperation === 0x7fffffff ? 1 : lastOperation + 1;
    } while (operations.has(lastOperation));
    return lastOperation;
  }

  /** A turn that was interrupted never flushed. The host has given its calls up, and what was being written of their answers may be torn. */
  function recover(): void {
    answers = "";
    answerCount = 0;
    flushing = false;
    if (started !== "") flushLater();
  }

  function call(slot: number, endpoint: number, request: unknown): void {
    try {
      // The host refuses to start with an endpoint that isn't bound, so the index is always inside.
      const result = handlers[endpoint]!(request);
      if (result instanceof Promise) {
        void then.call(
          result,
          (value) => succeed(slot, value),
          (error: unknown) => fail(slot, error),
        );
      } else if (typeof (result as PromiseLike<unknown> | null | undefined)?.then === "function") {
        Promise.resolve(result).then(
          (value) => succeed(slot, value),
          (error: unknown) => fail(slot, error),
        );
      } else {
        succeed(slot, result);
      }
    } catch (error) {
      fail(slot, error);
    }
  }

  function complete(id: number, hasBytes: boolean, value: unknown): void {
    const pending = operations.get(id);
    if (pending === undefined) return;
    operations.delete(id);
    pending.resolve({ value, bytes: hasBytes ? host.take(id) : null });
  }

  function reject(id: number, description: unknown): void {
    const pending = operations.get(id);
    if (pending === undefined) return;
    operations.delete(id);
    const { message, ...rest } = description as { message: string };
    pending.reject(Object.assign(new Error(message), rest));
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
          call(id, detail, payloads[i]);
          break;
        case ItemKind.completed:
          complete(id, detail === 1, payloads[i]);
          break;
        case ItemKind.failed:
          reject(id, payloads[i]);
          break;
        case ItemKind.timers:
          fireTimers();
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
   * Finds the handler of every endpoint among the modules' exports.
   * @param source an array of {@link EndpointBinding} as JavaScript, since revivers are functions
   * @returns names what is missing, one line each; "" when all are there
   */
  function bindEndpoints(source: string): string {
    const bindings = (0, eval)(source) as EndpointBinding[];
    const missing: string[] = [];
    handlers.length = 0;
    for (const binding of bindings) {
      const exported = (modules.get(binding.module) as Record<string, unknown> | undefined)?.[binding.exportName];
      const declared = (exported as { [endpointSymbol]?: { handler: Handler } } | undefined)?.[endpointSymbol];
      if (declared === undefined) {
        missing.push(`${binding.name}: ${binding.module} exports no endpoint named ${binding.exportName}`);
        continue;
      }
      handlers.push(lowered(prepare(declared.handler, binding.revive), binding.lower));
    }
    return missing.join("\n");
  }

  const runtime: IsolateRuntime = {
    bind: (module, exports) => void modules.set(module, exports),
    useDecimal: (type) => void (decimal = type),
    log: (level, message, fields) => host.log(level, message, fields === undefined ? "" : JSON.stringify(fields)),
    startOperation(kind, payload, bytes): Operation {
      const id = nextOperation();
      start(id, kind, payload);
      if (bytes !== undefined) host.attach(id, bytes);
      return {
        promise: new Promise((resolve, reject) => operations.set(id, { resolve, reject })),
        cancel() {
          if (operations.has(id)) start(id, "cancel", null);
        },
      };
    },
  };

  return { dispatch, settled, bindEndpoints, runtime };
}

/** The application's class; one that only names the type in its declarations has none of its own. */
let decimal: DecimalConstructor = Decimal;

function prepare(handler: Handler, revive: Reviver | undefined): Handler {
  return revive === undefined ? handler : (request) => handler(revive(request, decimal));
}
