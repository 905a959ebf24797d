import { host } from "../isolate-host.js";
import { defineInterface, requireArguments } from "../web-idl.js";
import type { EventTarget } from "./event-target.js";

export interface EventInit {
  bubbles?: boolean;
  cancelable?: boolean;
  composed?: boolean;
}

/** What dispatching knows of an event and its listeners must not change. */
export interface DispatchState {
  target: EventTarget | null;
  dispatching: boolean;
  stopped: boolean;
  stoppedImmediately: boolean;
  inPassiveListener: boolean;
  trusted: boolean;
}

let stateOf: (event: Event) => DispatchState;

/** https://dom.spec.whatwg.org/#interface-event; there is no tree, so an event only ever has one target. */
export class Event {
  readonly #type: string;
  readonly #bubbles: boolean;
  readonly #cancelable: boolean;
  readonly #composed: boolean;
  readonly #timeStamp = host.now();
  #canceled = false;
  readonly #state: DispatchState = {
    target: null,
    dispatching: false,
    stopped: false,
    stoppedImmediately: false,
    inPassiveListener: false,
    trusted: false,
  };

  static {
    stateOf = (event) => event.#state;
  }

  constructor(type: string, init?: EventInit | null) {
    requireArguments(arguments.length, 1, "Failed to construct 'Event'");
    if (init !== undefined && init !== null && typeof init !== "object" && typeof init !== "function") {
      throw new TypeError("Failed to construct 'Event': The provided value is not of type 'EventInit'.");
    }
    this.#type = String(type);
    this.#bubbles = Boolean(init?.bubbles);
    this.#cancelable = Boolean(init?.cancelable);
    this.#composed = Boolean(init?.composed);
  }

  get type(): string {
    return this.#type;
  }

  get target(): EventTarget | null {
    return this.#state.target;
  }

  get srcElement(): EventTarget | null {
    return this.#state.target;
  }

  get currentTarget(): EventTarget | null {
    return this.#state.dispatching ? this.#state.target : null;
  }

  get eventPhase(): number {
    return this.#state.dispatching ? 2 : 0;
  }

  get bubbles(): boolean {
    return this.#bubbles;
  }

  get cancelable(): boolean {
    return this.#cancelable;
  }

  get composed(): boolean {
    return this.#composed;
  }

  get defaultPrevented(): boolean {
    return this.#canceled;
  }

  get isTrusted(): boolean {
    return this.#state.trusted;
  }

  get timeStamp(): number {
    return this.#timeStamp;
  }

  get cancelBubble(): boolean {
    return this.#state.stopped;
  }

  set cancelBubble(value: boolean) {
    if (value) this.#state.stopped = true;
  }

  get returnValue(): boolean {
    return !this.#canceled;
  }

  set returnValue(value: boolean) {
    if (!value) this.preventDefault();
  }

  composedPath(): EventTarget[] {
    const { dispatching, target } = this.#state;
    return dispatching && target !== null ? [target] : [];
  }

  preventDefault(): void {
    if (this.#cancelable && !this.#state.inPassiveListener) this.#canceled = true;
  }

  stopPropagation(): void {
    this.#state.stopped = true;
  }

  stopImmediatePropagation(): void {
    this.#state.stopped = true;
    this.#state.stoppedImmediately = true;
  }
}

defineInterface("Event", Event, { constants: { NONE: 0, CAPTURING_PHASE: 1, AT_TARGET: 2, BUBBLING_PHASE: 3 } });

/** The state that dispatching changes; throws for what is no event. */
export function dispatchState(event: Event): DispatchState {
  return stateOf(event);
}

/** https://dom.spec.whatwg.org/#interface-customevent */
export class CustomEvent<T = unknown> extends Event {
  readonly #detail: T | null;

  constructor(type: string, init?: (EventInit & { detail?: T }) | null) {
    requireArguments(arguments.length, 1, "Failed to construct 'CustomEvent'");
    super(type, init);
    this.#detail = init?.detail ?? null;
  }

  get detail(): T | null {
    return this.#detail;
  }
}

defineInterface("CustomEvent", CustomEvent);
