import { memoryBytes, memoryGlobal } from "../internal/layout.js";

function take(): ArrayBuffer {
  const scope = globalThis as { [memoryGlobal]?: ArrayBuffer };
  const memory = scope[memoryGlobal];
  // delete: the property is the host's hand-over, and application code must not find it.
  delete scope[memoryGlobal];
  return memory ?? new ArrayBuffer(memoryBytes);
}

/** The block that host and isolate share; see `internal/layout.ts`. */
export const memory: ArrayBuffer = take();
