import { structuredClone } from "./clone/structured-clone.js";
import { createConsole } from "./console/console.js";
import { Crypto } from "./crypto.js";
import { atob, btoa } from "./encoding/base64.js";
import { TextDecoder } from "./encoding/text-decoder.js";
import { TextEncoder } from "./encoding/text-encoder.js";
import { AbortController, AbortSignal } from "./events/abort-signal.js";
import { DOMException } from "./events/dom-exception.js";
import { EventTarget } from "./events/event-target.js";
import { CustomEvent, Event } from "./events/event.js";
import { fetching, streams, urls } from "./lazy-modules.js";
import { Performance, PerformanceEntry, PerformanceMark, PerformanceMeasure } from "./performance/performance.js";
import { createProcess } from "./process.js";
import { clearTimer, queueMicrotask, setImmediate, setInterval, setTimeout } from "./timers/timers.js";
import { defineGlobal, defineLazyGlobals } from "./web-idl.js";

/** ClearScript's own global, by which scripts could reach into the host's plumbing. */
const engineGlobals = ["EngineInternal"];

/** Puts on the global object what applications expect of a server's JavaScript environment. */
export function defineGlobals(): void {
  for (const name of engineGlobals) hide(name);
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

function hide(name: string): void {
  if (!(name in globalThis)) return;
  // The engine may forbid deleting it: then it is overwritten, and if that fails too, it can't be enumerated at least.
  if (Reflect.deleteProperty(globalThis, name)) return;
  Reflect.defineProperty(globalThis, name, { value: undefined, enumerable: false });
}
