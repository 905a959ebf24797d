import { reportError } from "../report-error.js";
import { defineInterface, requireArguments } from "../web-idl.js";
import type { AbortSignal } from "./abort-signal.js";
import { DOMException } from "./dom-exception.js";
import { dispatchState, Event } from "./event.js";

export type EventListener = ((this: EventTarget, event: Event) => unknown) | { handleEvent(event: Event): unknown };

export interface ListenerOptions {
  capture?: boolean;
  once?: boolean;
  passive?: boolean;
  signal?: AbortSignal;
}

interface Registration {
  readonly callback: EventListener;
  readonly capture: boolean;
  readonly once: boolean;
  readonly passive: boolean;
  removed: boolean;
}

/** The method that is called with a type and the number of its listeners whenever that changes. */
export const listenersChanged: unique symbol = Symbol("listenersChanged");

let dispatchTo: (target: EventTarget, event: Event, trusted: boolean) => boolean;

/** https://dom.spec.whatwg.org/#interface-eventtarget */
export class EventTarget {
  #listeners: Map<string, Registration[]> | undefined;

  static {
    dispatchTo = (target, event, trusted) => target.#dispatch(event, trusted);
  }

  addEventListener(type: string, callback: EventListener | null, options?: ListenerOptions | boolean): void {
    requireArguments(arguments.length, 2, "Failed to execute 'addEventListener' on 'EventTarget'");
    const name = String(type);
    const {
      capture = false,
      once = false,
      passive = false,
      signal,
    } = typeof options === "object" ? (options ?? {}) : { capture: Boolean(options) };
    if (signal !== undefined && !(signal instanceof EventTarget)) {
      throw new TypeError(
        "Failed to execute 'addEventListener' on 'EventTarget': member signal is not of type AbortSignal.",
      );
    }
    if (callback === null || callback === undefined || signal?.aborted === true) return;
    if (typeof callback !== "function" && typeof callback !== "object") {
      throw new TypeError(
        "Failed to execute 'addEventListener' on 'EventTarget': parameter 2 is not of type 'Object'.",
      );
    }
    this.#listeners ??= new Map();
    const registrations = this.#listeners.get(name) ?? [];
    if (registrations.some((each) => each.callback === callback && each.capture === Boolean(capture))) return;
    const registration = {
      callback,
      capture: Boolean(capture),
      once: Boolean(once),
      passive: Boolean(passive),
      removed: false,
    };
    // Copied, not changed: a dispatch under way keeps to the listeners it started with.
    this.#replace(name, [...registrations, registration]);
    signal?.addEventListener("abort", () => this.#remove(name, registration), { once: true });
  }

  removeEventListener(type: string, callback: EventListener | null, options?: { capture?: boolean } | boolean): void {
    requireArguments(arguments.length, 2, "Failed to execute 'removeEventListener' on 'EventTarget'");
    const capture = Boolean(typeof options === "object" ? (options as { capture?: boolean } | null)?.capture : options);
    const name = String(type);
    const registration = this.#listeners
      ?.get(name)
      ?.find((each) => each.callback === callback && each.capture === capture);
    if (registration !== undefined) this.#remove(name, registration);
  }

  dispatchEvent(event: Event): boolean {
    requireArguments(arguments.length, 1, "Failed to execute 'dispatchEvent' on 'EventTarget'");
    if (!(event instanceof Event)) {
      throw new TypeError("Failed to execute 'dispatchEvent' on 'EventTarget': parameter 1 is not of type 'Event'.");
    }
    if (dispatchState(event).dispatching)
      throw new DOMException("The event is already being dispatched.", "InvalidStateError");
    return this.#dispatch(event, false);
  }

  /** For classes that behave differently while somebody listens. */
  protected [listenersChanged](_type: string, _count: number): void {
    return;
  }

  #remove(name: string, registration: Registration): void {
    registration.removed = true;
    const registrations = this.#listeners?.get(name);
    if (registrations?.includes(registration) === true) {
      this.#replace(
        name,
        registrations.filter((each) => each !== registration),
      );
    }
  }

  #replace(name: string, registrations: Registration[]): void {
    if (registrations.length === 0) this.#listeners?.delete(name);
    else this.#listeners?.set(name, registrations);
    this[listenersChanged](name, registrations.length);
  }

  #dispatch(event: Event, trusted: boolean): boolean {
    const state = dispatchState(event);
    state.target = this;
    state.trusted = trusted;
    state.dispatching = true;
    const registrations = this.#listeners?.get(event.type) ?? [];
    // At its target, an event runs the capturing listeners before the others.
    for (const capture of [true, false]) {
      for (const registration of registrations) {
        if (state.stoppedImmediately) break;
        if (registration.capture === capture && !registration.removed) this.#invoke(registration, event);
      }
      if (state.stopped) break;
    }
    state.dispatching = false;
    state.stopped = false;
    state.stoppedImmediately = false;
    return !event.defaultPrevented;
  }

  #invoke(registration: Registration, event: Event): void {
    const { callback, once, passive } = registration;
    if (once) this.#remove(event.type, registration);
    const state = dispatchState(event);
    state.inPassiveListener = passive;
    try {
      if (typeof callback === "function") callback.call(this, event);
      else callback.handleEvent(event);
    } catch (error) {
      reportError(error, `a listener of '${event.type}'`);
    }
    state.inPassiveListener = false;
  }
}

defineInterface("EventTarget", EventTarget);

/** Dispatches an event that the runtime itself made. */
export function dispatchTrusted(target: EventTarget, event: Event): void {
  dispatchTo(target, event, true);
}

/** An `on…` attribute: a listener that keeps its place while it is replaced. */
export class EventHandlerAttribute {
  readonly #type: string;
  #handler: ((event: Event) => unknown) | null = null;
  #listener: ((this: EventTarget, event: Event) => void) | undefined;

  constructor(type: string) {
    this.#type = type;
  }

  get(): ((event: Event) => unknown) | null {
    return this.#handler;
  }

  set(target: EventTarget, handler: unknown): void {
    this.#handler = typeof handler === "function" ? (handler as (event: Event) => unknown) : null;
    if (this.#handler === null) {
      if (this.#listener !== undefined) target.removeEventListener(this.#type, this.#listener);
      this.#listener = undefined;
    } else if (this.#listener === undefined) {
      this.#listener = (event) => void this.#handler?.call(target, event);
      target.addEventListener(this.#type, this.#listener);
    }
  }
}
