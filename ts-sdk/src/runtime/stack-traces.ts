import { host } from "./isolate-host.js";

/** The part of V8's CallSite that is needed here. */
interface CallSite {
  getFileName(): string | null | undefined;
  getLineNumber(): number | null;
  getColumnNumber(): number | null;
  toString(): string;
}

interface V8ErrorConstructor {
  prepareStackTrace?: ((error: unknown, callSites: CallSite[]) => unknown) | undefined;
}

/**
 * Makes V8's stacks show positions in the application's sources, in V8's own format, and leave out this script's frames.
 * V8 formats a stack when it is first read, so an error whose stack nobody looks at costs nothing. Other engines ignore the hook.
 */
export function mapStackTraces(): void {
  const runtimeScript = ownScriptName();
  const prepareStackTrace = (error: unknown, callSites: CallSite[]): string => {
    let text = headerOf(error);
    for (const callSite of callSites) {
      if (runtimeScript === undefined || callSite.getFileName() !== runtimeScript)
        text += `\n    at ${frameOf(callSite)}`;
    }
    return text;
  };
  Object.defineProperty(Error, "prepareStackTrace", { value: prepareStackTrace, writable: true, configurable: true });
}

/** What the engine calls this script; undefined where it has no such stacks. */
function ownScriptName(): string | undefined {
  const constructor = Error as V8ErrorConstructor;
  let name: string | null | undefined;
  constructor.prepareStackTrace = (_error, [first]) => (name = first?.getFileName());
  const { stack } = new Error("a probe");
  constructor.prepareStackTrace = undefined;
  return stack === undefined ? undefined : (name ?? undefined);
}

function headerOf(error: unknown): string {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return "<error>";
  }
}

function frameOf(callSite: CallSite): string {
  const text = callSite.toString();
  const script = callSite.getFileName();
  const line = callSite.getLineNumber();
  const column = callSite.getColumnNumber();
  if (typeof script !== "string" || line === null || column === null) return text;
  const source = host.mapPosition(script, line, column);
  if (source === "") return text;
  const position = `${script}:${String(line)}:${String(column)}`;
  const at = text.lastIndexOf(position);
  return at < 0 ? text : text.slice(0, at) + source + text.slice(at + position.length);
}
