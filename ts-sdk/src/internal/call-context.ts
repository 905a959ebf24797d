import type { RequestSignal } from "../request-meta.js";
import type { BoundEndpoint, DeliveredMessage } from "./bound-endpoint.js";
import { slotMask } from "./layout.js";

/** What an auth handler said of a caller. */
export interface AuthResult {
  readonly userID: string;
}

/** The request behind a call, as the host describes it. */
export interface RequestDescription {
  method: string;
  path: string;
  pathAndQuery: string;
  pathParams: Record<string, string>;
  headers: Record<string, string | string[]>;
  parentSpanId?: string;
  extCorrelationId?: string;
  /** Of a raw endpoint: its exchange's number, and what is known of the connection. */
  raw?: { id: number; httpVersion: string; remoteAddress: string; remotePort: number; encrypted: boolean };
}

/** What a call needs from the isolate. */
export interface CallServices {
  /** The request behind a slot; undefined once it is answered. */
  describe(slot: number): RequestDescription | undefined;
  /** Milliseconds that are left for the answer of the call in a slot; Infinity where nothing limits it. */
  remaining(slot: number): number;
}

/** A trace as the shared block carries it: 128 bits, and the span's 64, in 32-bit parts, high parts first. */
export type TraceParts = readonly [number, number, number, number, number, number];

const noSlot = -1;

/** One call of an endpoint, or of a subscription's handler, from its start to its answer and for as long as anything of it still runs. */
export class CallContext {
  readonly endpoint: BoundEndpoint;
  readonly trace: TraceParts;
  /** The call that made this one; undefined for a client's. */
  readonly parent: CallContext | undefined;
  /** The parameters, as the handler gets them. */
  request: unknown = undefined;
  auth: AuthResult | null = null;
  /** What middleware left for each other and for the handler. */
  data: Record<string, unknown> | undefined;
  /** Of a subscription: what it handles. */
  delivered: DeliveredMessage | undefined;
  #slot: number;
  readonly #services: CallServices;
  #description: RequestDescription | undefined;
  #abort: AbortController | undefined;
  // The first of the operations that it holds, and those beyond one: most calls have one at a time.
  #operation = 0;
  #operations: Set<number> | undefined;
  #isWaiting = false;

  constructor(services: CallServices, slot: number, endpoint: BoundEndpoint, trace: TraceParts, parent?: CallContext) {
    this.#services = services;
    this.#slot = slot;
    this.endpoint = endpoint;
    this.trace = trace;
    this.parent = parent;
  }

  /** The number that the host knows the call by; negative once it is answered, and for calls between services. */
  get slot(): number {
    return this.#slot;
  }

  /** The client's call that this one is part of: itself, unless another service made it. */
  get root(): CallContext {
    return this.parent === undefined ? this : this.parent.root;
  }

  /** The trace's id as logs and answers write it. */
  get traceId(): string {
    const [a, b, c, d] = this.trace;
    return base32([a, b, c, d], 26);
  }

  /** This call's own id within the trace. */
  get spanId(): string {
    return base32([this.trace[4], this.trace[5]], 13);
  }

  /** The call's place in its trace, as W3C Trace Context writes it. */
  get traceParent(): string {
    const [a, b, c, d, e, f] = this.trace;
    return `00-${digits(a)}${digits(b)}${digits(c)}${digits(d)}-${digits(e)}${digits(f)}-01`;
  }

  /** Milliseconds that are left until nobody waits for an answer any more; Infinity where nothing limits it. */
  get remaining(): number {
    if (this.parent !== undefined) return this.parent.remaining;
    return this.#slot === noSlot ? Infinity : this.#services.remaining(this.#slot);
  }

  /** The client's request; a call between services has none of its own and shows its caller's. */
  get description(): RequestDescription {
    if (this.parent !== undefined) return this.parent.description;
    this.#description ??= this.#slot === noSlot ? undefined : this.#services.describe(this.#slot);
    return this.#description ?? { method: "", path: "", pathAndQuery: "", pathParams: {}, headers: {} };
  }

  /** Aborts when the client leaves or the time runs out. */
  get signal(): RequestSignal {
    if (this.parent !== undefined) return this.parent.signal;
    this.#abort ??= new AbortController();
    this.#wait();
    return this.#abort.signal;
  }

  /** The answer is given. @param describe keeps what the request said for code that runs on */
  end(describe: boolean): void {
    if (describe) this.#description ??= this.#services.describe(this.#slot);
    if (this.#isWaiting) waiting[this.#slot & slotMask] = undefined;
    this.#slot = noSlot;
  }

  /** An operation of the host is given up with the call, until it is settled. */
  hold(operation: number): void {
    if (this.#slot === noSlot) return;
    if (this.#operation === 0) this.#operation = operation;
    else (this.#operations ??= new Set()).add(operation);
    this.#wait();
  }

  /** An operation is settled. */
  settle(operation: number): void {
    if (this.#operation === operation) this.#operation = 0;
    else this.#operations?.delete(operation);
  }

  #wait(): void {
    if (this.#isWaiting || this.#slot === noSlot) return;
    this.#isWaiting = true;
    const place = this.#slot & slotMask;
    while (waiting.length <= place) waiting.push(undefined);
    waiting[place] = this;
  }

  /** Nobody waits for the call in a slot any more. @param giveUp cancels one of the operations that it holds */
  static cancel(slot: number, timedOut: boolean, giveUp: (operation: number) => void): void {
    const place = slot & slotMask;
    const call = waiting[place];
    if (call === undefined || call.#slot !== slot) return;
    waiting[place] = undefined;
    if (call.#operation !== 0) giveUp(call.#operation);
    call.#operations?.forEach(giveUp);
    call.#abort?.abort(
      timedOut
        ? new DOMException("the handler's time ran out", "TimeoutError")
        : new DOMException("the client left", "AbortError"),
    );
  }
}

// Calls whose signal somebody asked for, or that hold operations, by the places of their slots. Without gaps: an array with wide ones is a hash
// table, and whole numbers, which generations are part of, would make it grow and grow.
const waiting: (CallContext | undefined)[] = [];

const bytes = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** 32 bits as hexadecimal digits: the engine's own `toString(16)` divides floating-point numbers. */
function digits(part: number): string {
  return bytes[part >>> 24]! + bytes[(part >>> 16) & 0xff]! + bytes[(part >>> 8) & 0xff]! + bytes[part & 0xff]!;
}

/** Bits as digits of 0–9 and a–v, most significant first, the last digit filled up with zero bits. */
function base32(parts: readonly number[], digits: number): string {
  let bits = 0n;
  for (const part of parts) bits = (bits << 32n) | BigInt(part >>> 0);
  const spare = BigInt(digits * 5 - parts.length * 32);
  return (bits << spare).toString(32).padStart(digits, "0");
}
