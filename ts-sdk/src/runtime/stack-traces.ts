import { host } from "./isolate-host.js";

/** The part of V8's CallSite that is needed here. */
interface CallSite {
  getFileName(): string | null | undefined;
  toString(): string;
}

interface V8ErrorConstructor {
  prepareStackTrace?: ((error: unknown, callSites: CallSite[]) => unknown) | undefined;
}

// A frame's last part: a script, a line and a column, with or without brackets.
const position = /([^\s(]+):(\d+):(\d+)(\)?)$/;

/**
 * Makes stacks show positions in the application's sources, in V8's format: the error's own text, then a line for each frame.
 * A stack is made when it is first read, so an error whose stack nobody looks at costs nothing.
 */
export function mapStackTraces(): void {
  const getter = Object.getOwnPropertyDescriptor(Error.prototype, "stack")?.get;
  if (getter === undefined) mapByCallSites();
  else mapByText(getter);
}

/** V8: a hook formats the frames, without those of this script. */
function mapByCallSites(): void {
  const runtimeScript = ownScriptName();
  const prepareStackTrace = (error: unknown, callSites: CallSite[]): string => {
    const frames = callSites.filter(
      (callSite) => runtimeScript === undefined || callSite.getFileName() !== runtimeScript,
    );
    return [headerOf(error), ...frames.map((frame) => mapFrame(`    at ${frame.toString()}`))].join("\n");
  };
  Object.defineProperty(Error, "prepareStackTrace", { value: prepareStackTrace, writable: true, configurable: true });
}

/** Jint: an accessor gives the frames as text, and nothing but the frames. Those of this script are left out here too. */
function mapByText(getter: (this: unknown) => unknown): void {
  const runtimeScript = position.exec(String(getter.call(new Error("a probe"))).trimEnd())?.[1];
  const isForeign = (line: string): boolean =>
    line !== "" && (runtimeScript === undefined || position.exec(line)?.[1] !== runtimeScript);
  Object.defineProperty(Error.prototype, "stack", {
    get(this: unknown) {
      const frames: unknown = getter.call(this);
      if (typeof frames !== "string") return frames;
      const lines = frames.split("\n").filter(isForeign);
      return [headerOf(this), ...lines.map(mapFrame)].join("\n");
    },
    set(this: object, value: unknown) {
      Object.defineProperty(this, "stack", { value, writable: true, configurable: true });
    },
    configurable: true,
  });
}

/** What V8 calls this script. */
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

function mapFrame(frame: string): string {
  return frame.replace(position, (text, script: string, line: string, column: string, bracket: string) => {
    const source = host.mapPosition(script, Number(line), Number(column));
    return source === "" ? text : source + bracket;
  });
}
