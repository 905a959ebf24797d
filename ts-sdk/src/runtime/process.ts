import { host } from "./isolate-host.js";
import { queueMicrotask } from "./timers/timers.js";

/**
 * The part of Node's `process` that every application touches: the environment, `nextTick` and the clock.
 */
export function createProcess(): object {
  let environment: Record<string, string> | undefined;
  return {
    get env(): Record<string, string> {
      return (environment ??= createEnvironment());
    },
    argv: ["encore-host"],
    platform: "linux",
    cwd: () => host.workingDirectory(),
    nextTick(callback: unknown, ...args: unknown[]): void {
      if (typeof callback !== "function") throw new TypeError('The "callback" argument must be of type function.');
      queueMicrotask(() => {
        (callback as (...args: unknown[]) => void)(...args);
      });
    },
    hrtime: Object.assign(highResolutionTime, { bigint: () => BigInt(Math.round(host.now() * 1e6)) }),
    uptime: () => host.now() / 1000,
  };
}

/** As in Node, whatever is assigned becomes a string, and a name that isn't there reads as undefined. */
function createEnvironment(): Record<string, string> {
  const values = JSON.parse(host.environment()) as Record<string, string>;
  return new Proxy(values, {
    set: (target, name, value) => {
      if (typeof name === "symbol" || typeof value === "symbol")
        throw new TypeError("Cannot convert a Symbol value to a string");
      return Reflect.set(target, name, String(value));
    },
    defineProperty: (target, name, descriptor) =>
      Reflect.defineProperty(target, name, {
        value: String(descriptor.value),
        writable: true,
        enumerable: true,
        configurable: true,
      }),
  });
}

function highResolutionTime(since?: [seconds: number, nanoseconds: number]): [number, number] {
  const now = Math.round(host.now() * 1e6);
  let seconds = Math.floor(now / 1e9);
  let nanoseconds = now % 1e9;
  if (since !== undefined) {
    seconds -= since[0];
    nanoseconds -= since[1];
    if (nanoseconds < 0) {
      seconds--;
      nanoseconds += 1e9;
    }
  }
  return [seconds, nanoseconds];
}
