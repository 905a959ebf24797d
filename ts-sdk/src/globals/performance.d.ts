interface PerformanceEntry {
  readonly duration: number;
  readonly entryType: string;
  readonly name: string;
  readonly startTime: number;
  toJSON(): any;
}

interface PerformanceMark extends PerformanceEntry {
  readonly detail: any;
}

interface PerformanceMeasure extends PerformanceEntry {
  readonly detail: any;
}

interface PerformanceMarkOptions {
  detail?: any;
  startTime?: number;
}

interface PerformanceMeasureOptions {
  detail?: any;
  duration?: number;
  end?: string | number;
  start?: string | number;
}

/** A clock that never goes back, in milliseconds since `timeOrigin`. */
interface Performance {
  readonly timeOrigin: number;
  clearMarks(name?: string): void;
  clearMeasures(name?: string): void;
  getEntries(): PerformanceEntry[];
  getEntriesByName(name: string, type?: string): PerformanceEntry[];
  getEntriesByType(type: string): PerformanceEntry[];
  mark(name: string, options?: PerformanceMarkOptions): PerformanceMark;
  measure(name: string, startOrOptions?: string | PerformanceMeasureOptions, endMark?: string): PerformanceMeasure;
  now(): number;
  toJSON(): any;
}

declare var performance: Performance;

interface Crypto {
  /** Fills an array of integers, of at most 65,536 bytes, with random values. */
  getRandomValues<T extends ArrayBufferView>(array: T): T;
  /** A random UUID, version 4. */
  randomUUID(): `${string}-${string}-${string}-${string}-${string}`;
}

declare var crypto: Crypto;
