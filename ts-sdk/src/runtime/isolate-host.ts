import type { HostFunctions } from "../internal/host.js";
import { hostGlobal } from "../internal/layout.js";

function take(): HostFunctions {
  const scope = globalThis as { [hostGlobal]?: HostFunctions };
  const host = scope[hostGlobal];
  if (host === undefined) throw new Error(`runtime.js needs ${hostGlobal}, which the host defines.`);
  // delete: the property is the host's hand-over, and application code must not find it.
  delete scope[hostGlobal];
  return host;
}

/** The host's functions. */
export const host: HostFunctions = take();
