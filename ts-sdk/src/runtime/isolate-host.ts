import type { HostFunctions } from "../internal/host.js";
import { continuationGlobal, hostGlobal, memoryBytes, memoryGlobal } from "../internal/layout.js";

/** Takes what the host put on the global object: application code must not find it. */
function take(name: string): unknown {
  const value: unknown = Reflect.get(globalThis, name);
  Reflect.deleteProperty(globalThis, name);
  return value;
}

function takeHost(): HostFunctions {
  const functions = take(hostGlobal);
  if (functions === undefined) throw new Error(`runtime.js needs ${hostGlobal}, which the host defines.`);
  return functions as HostFunctions;
}

/** The host's functions. */
export const host: HostFunctions = takeHost();

/** The block that host and isolate share; see `internal/layout.ts`. */
export const memory: ArrayBuffer = (take(memoryGlobal) as ArrayBuffer | undefined) ?? new ArrayBuffer(memoryBytes);

/** The engine's functions for data that follows promises; undefined where it has none. */
export const continuationData: unknown = take(continuationGlobal);
