import { type AsyncContext, runWith } from "../../internal/async-context.js";
import { host, memory } from "../isolate-host.js";
import { reportError } from "../report-error.js";
import { DeadlineHeap, type Scheduled } from "./deadline-heap.js";

type Callback = (...args: unknown[]) => void;

// The longest delay Node knows, in milliseconds; longer ones count as 1, as they do there.
const maxDelay = 2 ** 31 - 1;

const heap = new DeadlineHeap<Timer>();
const nextDeadline = new Float64Array(memory, 0, 1);
// Timers by number, kept only for those whose number somebody asked for: handles are objects, and most are never turned into numbers.
const numbered = new Map<number, Timer>();
let sequence = 0;

nextDeadline[0] = Infinity;

let context: AsyncContext | undefined;

/** Makes callbacks run in the asynchronous context in which they were scheduled. */
export function followContext(of: AsyncContext): void {
  context = of;
}

/** What `setTimeout`, `setInterval` and `setImmediate` return. */
abstract class Timer implements Scheduled {
  deadline = 0;
  sequence = 0;
  place = -1;
  callback: Callback | null;
  readonly args: unknown[];
  readonly number = ++sequence;
  readonly #flow = context?.get();
  #keepsAlive = true;

  constructor(callback: Callback, args: unknown[]) {
    this.callback = callback;
    this.args = args;
  }

  /** Calls the callback where it was scheduled. */
  run(): void {
    const call = (): void => this.callback?.call(this, ...this.args);
    if (this.#flow === undefined || context === undefined) call();
    else runWith(context, this.#flow, call);
  }

  /** What comes after a call: another one, or the end. */
  abstract next(): void;

  /** Has no effect beyond {@link hasRef}: what runs here never ends for lack of timers. */
  ref(): this {
    this.#keepsAlive = true;
    return this;
  }

  unref(): this {
    this.#keepsAlive = false;
    return this;
  }

  hasRef(): boolean {
    return this.#keepsAlive;
  }
}

// Engines without explicit resource management have no such symbol.
if (typeof Symbol.dispose === "symbol") {
  Object.defineProperty(Timer.prototype, Symbol.dispose, {
    value(this: Timer) {
      cancel(this);
    },
    writable: true,
    configurable: true,
  });
}

class Timeout extends Timer {
  readonly #delay: number;
  readonly #repeats: boolean;

  constructor(callback: Callback, delay: number, repeats: boolean, args: unknown[]) {
    super(callback, args);
    this.#delay = delay >= 1 && delay <= maxDelay ? Math.trunc(delay) : 1;
    this.#repeats = repeats;
    schedule(this, this.#delay);
  }

  /** Starts the delay again. */
  refresh(): this {
    if (this.callback !== null) {
      heap.remove(this);
      schedule(this, this.#delay);
    }
    return this;
  }

  close(): this {
    cancel(this);
    return this;
  }

  override next(): void {
    if (this.callback === null) return;
    if (this.#repeats) {
      if (this.place < 0) schedule(this, this.#delay);
    } else if (this.place < 0) cancel(this);
  }

  [Symbol.toPrimitive](): number {
    numbered.set(this.number, this);
    return this.number;
  }
}

class Immediate extends Timer {
  constructor(callback: Callback, args: unknown[]) {
    super(callback, args);
    schedule(this, 0);
  }

  override next(): void {
    cancel(this);
  }
}

function schedule(timer: Timer, delay: number): void {
  timer.deadline = host.now() + delay;
  timer.sequence = ++sequence;
  heap.add(timer);
  publish();
}

function cancel(timer: Timer): void {
  timer.callback = null;
  heap.remove(timer);
  numbered.delete(timer.number);
  publish();
}

function publish(): void {
  nextDeadline[0] = heap.first?.deadline ?? Infinity;
}

/**
 * Runs the timer that is due, if there is one. It runs only one, so that the microtasks of a callback run before the next callback: they
 * run when the turn ends. The host sends the next item as long as the published deadline has passed.
 */
export function fireTimers(): void {
  const timer = heap.first;
  if (timer === undefined || timer.deadline > host.now()) return;
  heap.remove(timer);
  publish();
  try {
    timer.run();
  } catch (error) {
    reportError(error, "a timer");
  }
  timer.next();
}

function requireCallback(callback: unknown): Callback {
  if (typeof callback !== "function") {
    throw Object.assign(
      new TypeError(`The "callback" argument must be of type function. Received ${describe(callback)}`),
      {
        code: "ERR_INVALID_ARG_TYPE",
      },
    );
  }
  return callback as Callback;
}

function describe(value: unknown): string {
  return value === null ? "null" : `type ${typeof value}`;
}

export function setTimeout(callback: unknown, delay?: unknown, ...args: unknown[]): Timeout {
  return new Timeout(requireCallback(callback), Number(delay), false, args);
}

export function setInterval(callback: unknown, delay?: unknown, ...args: unknown[]): Timeout {
  return new Timeout(requireCallback(callback), Number(delay), true, args);
}

export function setImmediate(callback: unknown, ...args: unknown[]): Immediate {
  return new Immediate(requireCallback(callback), args);
}

/** Ends a timer of any kind, given as its handle or number; anything else is ignored. */
export function clearTimer(handle?: unknown): void {
  const timer =
    handle instanceof Timer
      ? handle
      : typeof handle === "number" || typeof handle === "string"
        ? numbered.get(Number(handle))
        : undefined;
  if (timer !== undefined) cancel(timer);
}

const resolved = Promise.resolve();

export function queueMicrotask(callback: unknown): void {
  const run = requireCallback(callback);
  void resolved.then(() => {
    try {
      run();
    } catch (error) {
      reportError(error, "a microtask");
    }
  });
}
