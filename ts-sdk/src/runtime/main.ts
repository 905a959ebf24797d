/**
 * The entry of `runtime.js`, the script that makes a bare engine an isolate: it takes over what the host defined, defines the globals that
 * applications expect, and leaves the host its functions in `__encoreIsolate`, which the host takes off the global object before any
 * application code runs.
 */
import { createAsyncContext } from "../internal/async-context.js";
import { createDispatcher } from "../internal/dispatch.js";
import { installRuntime } from "../internal/registry.js";
import { defineGlobals } from "./define-globals.js";
import { continuationData, host, memory } from "./isolate-host.js";
import { rawExchanges } from "./lazy-modules.js";
import { mapStackTraces } from "./stack-traces.js";
import { fireTimers, followContext, setTimeout } from "./timers/timers.js";

const context = createAsyncContext(continuationData);
const { runtime, ...functions } = createDispatcher(
  host,
  memory,
  fireTimers,
  context,
  (call) => rawExchanges().openExchange(call),
  setTimeout,
);

followContext(context);

mapStackTraces();
installRuntime(runtime);
defineGlobals();
Object.defineProperty(globalThis, "__encoreIsolate", { value: functions, configurable: true });
