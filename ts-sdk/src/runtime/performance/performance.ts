import { DOMException } from "../events/dom-exception.js";
import { host } from "../isolate-host.js";
import { structuredClone } from "../clone/structured-clone.js";
import { defineInterface, requireArguments } from "../web-idl.js";

interface MarkOptions {
  detail?: unknown;
  startTime?: number;
}

interface MeasureOptions {
  detail?: unknown;
  start?: string | number;
  end?: string | number;
  duration?: number;
}

const timeOrigin = Date.now() - host.now();

/** https://w3c.github.io/performance-timeline/#the-performanceentry-interface */
export class PerformanceEntry {
  readonly #name: string;
  readonly #startTime: number;
  readonly #duration: number;

  constructor(name: string, startTime: number, duration: number) {
    this.#name = name;
    this.#startTime = startTime;
    this.#duration = duration;
  }

  get name(): string {
    return this.#name;
  }

  get entryType(): string {
    return "";
  }

  get startTime(): number {
    return this.#startTime;
  }

  get duration(): number {
    return this.#duration;
  }

  toJSON(): object {
    const { name, entryType, startTime, duration } = this;
    return { name, entryType, startTime, duration };
  }
}

/** https://w3c.github.io/user-timing/#the-performancemark-interface */
export class PerformanceMark extends PerformanceEntry {
  readonly #detail: unknown;

  constructor(name: string, options?: MarkOptions) {
    requireArguments(arguments.length, 1, "Failed to construct 'PerformanceMark'");
    const startTime = Number(options?.startTime ?? host.now());
    if (!(startTime >= 0))
      throw new TypeError("Failed to construct 'PerformanceMark': the start time can't be negative.");
    super(String(name), startTime, 0);
    this.#detail = options?.detail === undefined ? null : structuredClone(options.detail);
  }

  override get entryType(): string {
    return "mark";
  }

  get detail(): unknown {
    return this.#detail;
  }
}

/** https://w3c.github.io/user-timing/#the-performancemeasure-interface */
export class PerformanceMeasure extends PerformanceEntry {
  readonly #detail: unknown;

  constructor(name: string, startTime: number, duration: number, detail: unknown) {
    super(name, startTime, duration);
    this.#detail = detail === undefined ? null : structuredClone(detail);
  }

  override get entryType(): string {
    return "measure";
  }

  get detail(): unknown {
    return this.#detail;
  }
}

/** https://w3c.github.io/hr-time/#sec-performance, with user timing; times are milliseconds since {@link Performance.timeOrigin}. */
export class Performance {
  #entries: PerformanceEntry[] = [];

  get timeOrigin(): number {
    return timeOrigin;
  }

  now(): number {
    return host.now();
  }

  mark(name: string, options?: MarkOptions): PerformanceMark {
    requireArguments(arguments.length, 1, "Failed to execute 'mark' on 'Performance'");
    const mark = new PerformanceMark(name, options);
    this.#entries.push(mark);
    return mark;
  }

  measure(name: string, startOrOptions?: string | MeasureOptions, endMark?: string): PerformanceMeasure {
    requireArguments(arguments.length, 1, "Failed to execute 'measure' on 'Performance'");
    const options: MeasureOptions = typeof startOrOptions === "object" ? startOrOptions : {};
    const from = typeof startOrOptions === "object" ? options.start : startOrOptions;
    const until = endMark ?? options.end;
    const { duration, detail } = options;
    if (duration !== undefined && from !== undefined && until !== undefined) {
      throw new TypeError("Failed to execute 'measure' on 'Performance': start, end and duration are given.");
    }
    const startGiven = from === undefined ? undefined : this.#time(from);
    const end =
      until !== undefined
        ? this.#time(until)
        : duration !== undefined && startGiven !== undefined
          ? startGiven + duration
          : host.now();
    const start = startGiven ?? (duration === undefined ? 0 : end - duration);
    const measure = new PerformanceMeasure(String(name), start, end - start, detail);
    this.#entries.push(measure);
    return measure;
  }

  clearMarks(name?: string): void {
    this.#clear("mark", name);
  }

  clearMeasures(name?: string): void {
    this.#clear("measure", name);
  }

  getEntries(): PerformanceEntry[] {
    return [...this.#entries].sort((a, b) => a.startTime - b.startTime);
  }

  getEntriesByType(type: string): PerformanceEntry[] {
    return this.getEntries().filter((entry) => entry.entryType === type);
  }

  getEntriesByName(name: string, type?: string): PerformanceEntry[] {
    return this.getEntries().filter((entry) => entry.name === name && (type === undefined || entry.entryType === type));
  }

  toJSON(): object {
    return { timeOrigin };
  }

  #time(mark: string | number): number {
    if (typeof mark === "number") return mark;
    const found = this.#entries.findLast((entry) => entry.name === mark && entry.entryType === "mark");
    if (found === undefined) throw new DOMException(`The mark '${mark}' does not exist.`, "SyntaxError");
    return found.startTime;
  }

  #clear(type: string, name: string | undefined): void {
    this.#entries = this.#entries.filter(
      (entry) => entry.entryType !== type || (name !== undefined && entry.name !== name),
    );
  }
}

for (const [name, constructor] of Object.entries({
  PerformanceEntry,
  PerformanceMark,
  PerformanceMeasure,
  Performance,
})) {
  defineInterface(name, constructor);
}
