/**
 * The entry of `runtime.js`, the script that makes a bare engine an isolate: it takes over what the host defined, defines the globals that
 * applications expect, and leaves the host its functions in `__encoreIsolate`, which the host takes off the global object before any
 * application code runs.
 */
import { createDispatcher } from "../internal/dispatch.js";
import { installRuntime } from "../internal/registry.js";
import { defineGlobals } from "./define-globals.js";
import { host, memory } from "./isolate-host.js";
import { mapStackTraces } from "./stack-traces.js";
import { fireTimers } from "./timers/timers.js";

const { runtime, ...functions } = createDispatcher(host, memory, fireTimers);

mapStackTraces();
installRuntime(runtime);
defineGlobals();
Object.defineProperty(globalThis, "__encoreIsolate", { value: functions, configurable: true });
