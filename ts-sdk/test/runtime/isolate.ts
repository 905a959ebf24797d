/**
 * An isolate without its host: `runtime.js` in a bare V8 context, and a host made of Node.
 *
 * Values that cross are converted to the context's own realm, as ClearScript does; what a test gets back by {@link Isolate.run} is JSON.
 */
import { readFileSync } from "node:fs";
import { randomFillSync } from "node:crypto";
import vm from "node:vm";
import { inStart, ItemKind, itemWidth, memoryBytes } from "../../src/internal/layout.js";

const source = readFileSync(new URL("../../package/dist/runtime/runtime.js", import.meta.url), "utf8");
const script = new vm.Script(source, { filename: "runtime.js" });

// A step gives an operation time to be answered; more of them without any progress mean that nobody will answer.
const maxIdleSteps = 200;

export interface LogLine {
  level: number;
  message: string;
  fields: Record<string, unknown> | undefined;
}

export interface StartedOperation {
  id: number;
  kind: string;
  payload: unknown;
  bytes: Uint8Array | undefined;
}

export class Isolate {
  readonly log: LogLine[] = [];
  readonly operations: StartedOperation[] = [];
  /** The texts of each flush. */
  readonly answers: string[] = [];
  /** Milliseconds of the host's clock; it stands still until a test moves it. */
  now = 0;
  /** Called for each operation that isn't a cancellation; answers it in a later turn. */
  onOperation: ((operation: StartedOperation) => void) | undefined;
  mapPosition: (script: string, line: number, column: number) => string = () => "";

  readonly #context = vm.createContext(Object.create(null) as object);
  readonly #memory: ArrayBuffer;
  readonly #control: Int32Array;
  readonly #dispatch: (text: string, count: number) => void;
  readonly #attached = new Map<number, Uint8Array>();
  readonly #completed = new Map<number, Uint8Array>();

  constructor(environment: Record<string, string> = {}) {
    this.#memory = this.eval(`new ArrayBuffer(${String(memoryBytes)})`) as ArrayBuffer;
    this.#control = new Int32Array(this.#memory);
    const global = this.eval("globalThis") as Record<string, unknown>;
    this.#completeEngine();
    global["__encoreMemory"] = this.#memory;
    global["__encoreHost"] = this.#hostFunctions(environment);
    script.runInContext(this.#context);
    const functions = global["__encoreIsolate"] as { dispatch: (text: string, count: number) => void };
    this.#dispatch = functions.dispatch;
    delete global["__encoreIsolate"];
  }

  /** When the earliest timer is due. */
  get nextDeadline(): number {
    return new Float64Array(this.#memory, 0, 1)[0] ?? NaN;
  }

  /** Evaluates a script; the value belongs to the isolate's realm. */
  eval(code: string, filename = "app.js"): unknown {
    return vm.runInContext(code, this.#context, { filename });
  }

  /** Evaluates an expression and returns what JSON keeps of it. */
  run(expression: string): unknown {
    const text = this.eval(`JSON.stringify((() => (${expression}))())`) as string | undefined;
    return text === undefined ? undefined : JSON.parse(text);
  }

  /**
   * Runs the body of an async function and returns what JSON keeps of its value. Timers run as soon as nothing else is left: the clock
   * jumps to the next deadline.
   */
  async runAsync(body: string): Promise<unknown> {
    const state = { settled: false };
    const result = this.eval(`(async () => JSON.stringify(await (async () => {${body}\n})()))()`) as Promise<
      string | undefined
    >;
    const outcome = result.finally(() => (state.settled = true));
    outcome.catch(() => undefined);
    for (let idle = 0; !state.settled && idle < maxIdleSteps; idle++) {
      await new Promise((resolve) => setImmediate(resolve));
      if (this.nextDeadline !== Infinity) {
        this.now = Math.max(this.now, this.nextDeadline);
        this.fireTimers();
        idle = 0;
      }
    }
    if (!state.settled) throw new Error("the isolate waits for something that doesn't come");
    const text = await outcome;
    return text === undefined ? undefined : JSON.parse(text);
  }

  /** One turn with nothing but a timer item. */
  fireTimers(): void {
    this.turn([[ItemKind.timers, 0, 0, null]]);
  }

  turn(items: [kind: number, id: number, detail: number, payload: unknown][]): void {
    items.forEach(([kind, id, detail], index) => this.#control.set([kind, id, detail], inStart + index * itemWidth));
    this.#dispatch(JSON.stringify(items.map(([, , , payload]) => payload)), items.length);
  }

  complete(id: number, value: unknown, bytes?: Uint8Array | string): void {
    if (bytes !== undefined)
      this.#completed.set(id, typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes);
    this.turn([[ItemKind.completed, id, bytes === undefined ? 0 : 1, value]]);
  }

  fail(id: number, error: { message: string; code?: string }): void {
    this.turn([[ItemKind.failed, id, 0, error]]);
  }

  #hostFunctions(environment: Record<string, string>): object {
    const bytes = (outer: Uint8Array) => {
      const inner = this.eval(`new Uint8Array(${String(outer.length)})`) as Uint8Array;
      inner.set(outer);
      return inner;
    };
    return {
      flush: (count: number, answers: string, operations: string) => this.#flush(count, answers, operations),
      log: (level: number, message: string, fields: string) =>
        this.log.push({
          level,
          message,
          fields: fields === "" ? undefined : (JSON.parse(fields) as Record<string, unknown>),
        }),
      mapPosition: (script: string, line: number, column: number) => this.mapPosition(script, line, column),
      now: () => this.now,
      random: (length: number) => bytes(randomFillSync(new Uint8Array(length))),
      environment: () => JSON.stringify(environment),
      encodeUtf8: (text: string) => bytes(new TextEncoder().encode(text)),
      decodeText: decode,
      loaded: () => undefined,
      attach: (operation: number, data: Uint8Array) => this.#attached.set(operation, Uint8Array.from(data)),
      take: (operation: number) => {
        const data = this.#completed.get(operation);
        if (data === undefined) throw new Error("bytes were taken twice");
        this.#completed.delete(operation);
        return bytes(data);
      },
    };
  }

  /** What V8 has in ClearScript, and this Node doesn't: ES2024's `ArrayBuffer.prototype.transfer`. */
  #completeEngine(): void {
    const define = this.eval(`(detach) => {
      ArrayBuffer.prototype.transfer ??= function () {
        const copy = this.slice(0);
        detach(this);
        return copy;
      };
    }`) as (detach: (buffer: ArrayBuffer) => void) => void;
    define((buffer) => void structuredClone(buffer, { transfer: [buffer] }));
  }

  #flush(count: number, answers: string, operations: string): void {
    if (operations !== "") {
      for (const [id, kind, payload] of JSON.parse(operations) as [number, string, unknown][]) {
        const operation = { id, kind, payload, bytes: this.#attached.get(id) };
        this.#attached.delete(id);
        this.operations.push(operation);
        if (kind !== "cancel") setImmediate(() => this.onOperation?.(operation));
      }
    }
    if (count > 0) this.answers.push(answers);
  }
}

/** What the host's `TextEncodings` does: .NET's decoders keep the byte order mark, as `ignoreBOM` does. */
function decode(bytes: Uint8Array, encoding: string, fatal: boolean): string | null {
  // Node's own windows-1252 isn't Latin-1, and its utf-16be is missing without full ICU.
  if (encoding === "iso-8859-1") return Buffer.from(bytes).toString("latin1");
  try {
    return new TextDecoder(encoding, { fatal, ignoreBOM: true }).decode(Uint8Array.from(bytes));
  } catch {
    return null;
  }
}
