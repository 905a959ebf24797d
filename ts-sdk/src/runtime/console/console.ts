import { host } from "../isolate-host.js";
import { inspecting } from "../lazy-modules.js";
import { formatTable } from "./table.js";

// The levels of `HostFunctions.log`.
const debugLevel = 1;
const infoLevel = 2;
const warnLevel = 3;
const errorLevel = 4;

const groupIndentation = 2;

/** https://console.spec.whatwg.org, with Node's formatting. A call writes one log line. */
export function createConsole(): object {
  const counts = new Map<string, number>();
  const timers = new Map<string, number>();
  let indentation = "";

  function write(level: number, text: string): void {
    host.log(level, indentation === "" ? text : indentation + text.replaceAll("\n", `\n${indentation}`), "");
  }

  function elapsed(label: string): string | undefined {
    const started = timers.get(label);
    if (started !== undefined) return `${label}: ${formatDuration(host.now() - started)}`;
    write(warnLevel, `Warning: No such label '${label}' for console.time()`);
    return undefined;
  }

  const console = {
    log: (...data: unknown[]) => write(infoLevel, format(data)),
    info: (...data: unknown[]) => write(infoLevel, format(data)),
    debug: (...data: unknown[]) => write(debugLevel, format(data)),
    warn: (...data: unknown[]) => write(warnLevel, format(data)),
    error: (...data: unknown[]) => write(errorLevel, format(data)),
    trace(...data: unknown[]): void {
      const trace = { name: "Trace", message: format(data), stack: "" };
      if (Error.captureStackTrace === undefined) trace.stack = `Trace: ${trace.message}`;
      else Error.captureStackTrace(trace);
      write(infoLevel, trace.stack);
    },
    dir: (item: unknown, options?: object) =>
      write(infoLevel, inspecting().inspect(item, { customInspect: false, ...options })),
    dirxml: (...data: unknown[]) => write(infoLevel, format(data)),
    table(data: unknown, columns?: readonly string[]): void {
      write(infoLevel, formatTable(data, columns) ?? format([data]));
    },
    assert(condition?: unknown, ...data: unknown[]): void {
      if (condition) return;
      const [first, ...rest] = data;
      if (typeof first === "string") write(errorLevel, format([`Assertion failed: ${first}`, ...rest]));
      else write(errorLevel, format(data.length === 0 ? ["Assertion failed"] : ["Assertion failed:", ...data]));
    },
    count(label: unknown = "default"): void {
      const name = String(label);
      const count = (counts.get(name) ?? 0) + 1;
      counts.set(name, count);
      write(infoLevel, `${name}: ${String(count)}`);
    },
    countReset(label: unknown = "default"): void {
      if (!counts.delete(String(label))) write(warnLevel, `Warning: Count for '${String(label)}' does not exist`);
    },
    group(...data: unknown[]): void {
      if (data.length > 0) write(infoLevel, format(data));
      indentation += " ".repeat(groupIndentation);
    },
    groupCollapsed: (...data: unknown[]) => console.group(...data),
    groupEnd(): void {
      indentation = indentation.slice(groupIndentation);
    },
    time(label: unknown = "default"): void {
      const name = String(label);
      if (timers.has(name)) write(warnLevel, `Warning: Label '${name}' already exists for console.time()`);
      else timers.set(name, host.now());
    },
    timeLog(label: unknown = "default", ...data: unknown[]): void {
      const text = elapsed(String(label));
      if (text !== undefined) write(infoLevel, data.length === 0 ? text : `${text} ${format(data)}`);
    },
    timeEnd(label: unknown = "default"): void {
      const text = elapsed(String(label));
      if (text === undefined) return;
      timers.delete(String(label));
      write(infoLevel, text);
    },
    // A log has no screen to clear.
    clear: () => undefined,
  };
  Object.defineProperty(console, Symbol.toStringTag, { value: "console", configurable: true });
  return console;
}

function format(data: unknown[]): string {
  // Most lines are one string, which needs no formatting.
  if (data.length === 1 && typeof data[0] === "string") return data[0];
  return inspecting().format(...data);
}

function formatDuration(milliseconds: number): string {
  if (milliseconds < 1000) return `${String(Number(milliseconds.toFixed(3)))}ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${seconds.toFixed(3)}s`;
  const whole = Math.floor(seconds);
  const padded = (value: number) => String(value).padStart(2, "0");
  const rest = `${padded(Math.floor(whole / 60) % 60)}:${padded(whole % 60)}`;
  return whole < 3600 ? `${rest} (m:ss)` : `${String(Math.floor(whole / 3600))}:${rest} (h:mm:ss)`;
}
