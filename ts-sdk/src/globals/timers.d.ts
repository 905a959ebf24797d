declare namespace NodeJS {
  /** What `setTimeout` and `setInterval` return. */
  interface Timeout {
    ref(): this;
    unref(): this;
    hasRef(): boolean;
    /** Starts the delay again. */
    refresh(): this;
    close(): this;
    [Symbol.toPrimitive](): number;
  }

  /** What `setImmediate` returns. */
  interface Immediate {
    ref(): this;
    unref(): this;
    hasRef(): boolean;
  }
}

/** Calls `callback` once, after at least `delay` milliseconds. */
declare function setTimeout(callback: (_: void) => void, delay?: number): NodeJS.Timeout;
declare function setTimeout<Args extends any[]>(
  callback: (...args: Args) => void,
  delay?: number,
  ...args: Args
): NodeJS.Timeout;
/** Calls `callback` repeatedly, `delay` milliseconds apart. */
declare function setInterval(callback: (_: void) => void, delay?: number): NodeJS.Timeout;
declare function setInterval<Args extends any[]>(
  callback: (...args: Args) => void,
  delay?: number,
  ...args: Args
): NodeJS.Timeout;
/** Calls `callback` once, after what is running now. */
declare function setImmediate(callback: (_: void) => void): NodeJS.Immediate;
declare function setImmediate<Args extends any[]>(callback: (...args: Args) => void, ...args: Args): NodeJS.Immediate;
declare function clearTimeout(timeout: NodeJS.Timeout | string | number | undefined): void;
declare function clearInterval(timeout: NodeJS.Timeout | string | number | undefined): void;
declare function clearImmediate(immediate: NodeJS.Immediate | undefined): void;
/** Calls `callback` as a microtask: before any timer. */
declare function queueMicrotask(callback: () => void): void;

interface StructuredSerializeOptions {
  transfer?: any[];
}

/** A deep copy of a value: with cycles, Map, Set, Date, RegExp, errors, typed arrays; functions can't be cloned. */
declare function structuredClone<T = any>(value: T, options?: StructuredSerializeOptions): T;
