import { clearTimer, setTimeout } from "../timers/timers.js";
import { defineInterface, requireArguments } from "../web-idl.js";
import { DOMException } from "./dom-exception.js";
import { dispatchTrusted, EventHandlerAttribute, EventTarget, listenersChanged } from "./event-target.js";
import { Event } from "./event.js";

const constructible = Symbol("AbortSignal");
// Signals that wait for their time and that somebody listens to. A timer holds its signal weakly: code that sets a generous limit for each of
// many short calls leaves nothing behind but the timers' entries, and those go with the signal.
const heardTimeouts = new Set<AbortSignal>();
const abandonedTimers = new FinalizationRegistry<ReturnType<typeof setTimeout>>(clearTimer);

let abortSignal: (signal: AbortSignal, reason: unknown) => void;

/** https://dom.spec.whatwg.org/#interface-AbortSignal */
export class AbortSignal extends EventTarget {
  #aborted = false;
  #reason: unknown;
  #timesOut = false;
  readonly #onabort = new EventHandlerAttribute("abort");
  /** What this signal follows; never a signal that itself follows others. */
  #sources: Set<AbortSignal> | undefined;
  /** What follows this signal: weakly, so that a long-lived signal doesn't keep what was derived from it for a short while … */
  #followers: Set<WeakRef<AbortSignal>> | undefined;
  /** … except for followers that somebody listens to. */
  #heardFollowers: Set<AbortSignal> | undefined;

  static {
    abortSignal = (signal, reason) => {
      signal.#abort(reason);
    };
  }

  /** @internal */
  constructor(key?: typeof constructible) {
    if (key !== constructible) throw new TypeError("Illegal constructor");
    super();
  }

  /** A signal that is aborted already. */
  static abort(reason?: unknown): AbortSignal {
    const signal = new AbortSignal(constructible);
    signal.#aborted = true;
    signal.#reason = reason === undefined ? abortError() : reason;
    return signal;
  }

  /** A signal that is aborted after a number of milliseconds. */
  static timeout(milliseconds: number): AbortSignal {
    requireArguments(arguments.length, 1, "Failed to execute 'timeout' on 'AbortSignal'");
    const delay = Math.trunc(Number(milliseconds));
    if (!(delay >= 0 && delay <= Number.MAX_SAFE_INTEGER)) {
      throw new TypeError(
        "Failed to execute 'timeout' on 'AbortSignal': the value is outside the range of an unsigned long long.",
      );
    }
    const signal = new AbortSignal(constructible);
    signal.#timesOut = true;
    const reference = new WeakRef(signal);
    const timer = setTimeout(() => {
      const waiting = reference.deref();
      if (waiting === undefined) return;
      heardTimeouts.delete(waiting);
      waiting.#abort(new DOMException("The operation was aborted due to timeout", "TimeoutError"));
    }, delay).unref();
    abandonedTimers.register(signal, timer);
    return signal;
  }

  /** A signal that is aborted as soon as one of the given ones is. */
  static any(signals: Iterable<AbortSignal>): AbortSignal {
    requireArguments(arguments.length, 1, "Failed to execute 'any' on 'AbortSignal'");
    const given = [...signals];
    if (!given.every((signal) => signal instanceof AbortSignal)) {
      throw new TypeError("Failed to execute 'any' on 'AbortSignal': failed to convert value to 'AbortSignal'.");
    }
    const result = new AbortSignal(constructible);
    const aborted = given.find((signal) => signal.#aborted);
    if (aborted !== undefined) {
      result.#aborted = true;
      result.#reason = aborted.#reason;
      return result;
    }
    const sources = new Set(
      given.flatMap((signal) => (signal.#sources === undefined ? [signal] : [...signal.#sources])),
    );
    result.#sources = sources;
    const reference = new WeakRef(result);
    for (const source of sources) {
      source.#dropLostFollowers();
      (source.#followers ??= new Set()).add(reference);
    }
    return result;
  }

  get aborted(): boolean {
    return this.#aborted;
  }

  get reason(): unknown {
    return this.#reason;
  }

  get onabort(): unknown {
    return this.#onabort.get();
  }

  set onabort(handler: unknown) {
    this.#onabort.set(this, handler);
  }

  throwIfAborted(): void {
    if (this.#aborted) throw this.#reason;
  }

  protected override [listenersChanged](type: string, count: number): void {
    if (type !== "abort" || this.#aborted) return;
    const heard = count > 0;
    if (this.#timesOut) {
      if (heard) heardTimeouts.add(this);
      else heardTimeouts.delete(this);
    }
    for (const source of this.#sources ?? []) {
      if (heard) (source.#heardFollowers ??= new Set()).add(this);
      else source.#heardFollowers?.delete(this);
    }
  }

  #abort(reason: unknown): void {
    if (this.#aborted) return;
    const affected: AbortSignal[] = [this];
    for (const reference of this.#followers ?? []) {
      const follower = reference.deref();
      if (follower?.aborted === false) affected.push(follower);
    }
    // Every signal has its state before any listener runs.
    for (const signal of affected) {
      signal.#aborted = true;
      signal.#reason = reason;
    }
    for (const signal of affected) {
      signal.#leaveSources();
      dispatchTrusted(signal, new Event("abort"));
    }
    this.#followers = undefined;
    this.#heardFollowers = undefined;
  }

  #leaveSources(): void {
    for (const source of this.#sources ?? []) source.#heardFollowers?.delete(this);
    this.#sources = undefined;
  }

  /** Forgets followers that are gone; one look at two entries for each new one keeps up with them. */
  #dropLostFollowers(): void {
    let looks = 2;
    for (const reference of this.#followers ?? []) {
      if (looks-- === 0) break;
      this.#followers?.delete(reference);
      if (reference.deref()?.aborted === false) this.#followers?.add(reference);
    }
  }
}

defineInterface("AbortSignal", AbortSignal);

/** https://dom.spec.whatwg.org/#interface-abortcontroller */
export class AbortController {
  readonly #signal = new AbortSignal(constructible);

  get signal(): AbortSignal {
    return this.#signal;
  }

  abort(reason?: unknown): void {
    abortSignal(this.#signal, reason === undefined ? abortError() : reason);
  }
}

defineInterface("AbortController", AbortController);

function abortError(): DOMException {
  return new DOMException("This operation was aborted", "AbortError");
}
