import { structuredClone } from "./clone/structured-clone.js";
import { writeDatesFaster } from "./dates.js";
import { createConsole } from "./console/console.js";
import { Crypto } from "./crypto.js";
import { atob, btoa } from "./encoding/base64.js";
import { TextDecoder } from "./encoding/text-decoder.js";
import { TextEncoder } from "./encoding/text-encoder.js";
import { AbortController, AbortSignal } from "./events/abort-signal.js";
import { DOMException } from "./events/dom-exception.js";
import { EventTarget } from "./events/event-target.js";
import { CustomEvent, Event } from "./events/event.js";
import { fetching, rawExchanges, streams, urls } from "./lazy-modules.js";
import { Performance, PerformanceEntry, PerformanceMark, PerformanceMeasure } from "./performance/performance.js";
import { createProcess } from "./process.js";
import { clearTimer, queueMicrotask, setImmediate, setInterval, setTimeout } from "./timers/timers.js";
import { defineGlobal, defineLazyGlobals } from "./web-idl.js";

/** Puts on the global object what applications expect of a server's JavaScript environment. */
export function defineGlobals(): void {
  sealEngine();
  writeBigIntsAsText();
  writeDatesFaster();
  const values: Record<string, unknown> = {
    AbortController,
    AbortSignal,
    atob,
    btoa,
    clearImmediate: (handle?: unknown) => {
      clearTimer(handle);
    },
    clearInterval: (handle?: unknown) => {
      clearTimer(handle);
    },
    clearTimeout: (handle?: unknown) => {
      clearTimer(handle);
    },
    console: createConsole(),
    Crypto,
    crypto: new Crypto(),
    CustomEvent,
    DOMException,
    Event,
    EventTarget,
    global: globalThis,
    Performance,
    performance: new Performance(),
    PerformanceEntry,
    PerformanceMark,
    PerformanceMeasure,
    process: createProcess(),
    queueMicrotask,
    setImmediate,
    setInterval,
    setTimeout,
    structuredClone,
    TextDecoder,
    TextEncoder,
  };
  for (const [name, value] of Object.entries(values)) defineGlobal(name, value);
  defineLazyGlobals(["URL", "URLSearchParams"], urls);
  defineLazyGlobals(["Headers", "Request", "Response", "fetch"], fetching);
  defineLazyGlobals(streamGlobals, streams);
  defineLazyGlobals(["Buffer"], rawExchanges);
}

const streamGlobals = [
  "ByteLengthQueuingStrategy",
  "CountQueuingStrategy",
  "ReadableByteStreamController",
  "ReadableStream",
  "ReadableStreamBYOBReader",
  "ReadableStreamBYOBRequest",
  "ReadableStreamDefaultController",
  "ReadableStreamDefaultReader",
  "TransformStream",
  "TransformStreamDefaultController",
  "WritableStream",
  "WritableStreamDefaultController",
  "WritableStreamDefaultWriter",
] as const;

/** JSON has no bigint; answers carry them as strings of digits, which the schema knows. */
function writeBigIntsAsText(): void {
  Object.defineProperty(BigInt.prototype, "toJSON", {
    value(this: bigint) {
      return this.toString();
    },
    writable: true,
    configurable: true,
  });
}

/**
 * ClearScript's own global, which it calls by name, can't be deleted and isn't enumerable; frozen, it can't be used to change what the
 * engine does either.
 */
function sealEngine(): void {
  const engine: unknown = Reflect.get(globalThis, "EngineInternal");
  if (typeof engine === "object" && engine !== null) Object.freeze(engine);
}
