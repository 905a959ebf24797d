import type { AsyncContext } from "./async-context.js";
import type { CallContext } from "./call-context.js";
import type { HostFunctions } from "./host.js";
import type { Operation, OperationResult, Settlement } from "./registry.js";

/** Work that goes on in the host, by number. */
export class OperationTable {
  readonly #host: HostFunctions;
  readonly #context: AsyncContext;
  readonly #send: (text: string) => void;
  // By number. An array without gaps, whose places are used again: a map that is added to and taken from for ever is copied all the time.
  readonly #pending: (Settlement | undefined)[] = [undefined];
  readonly #free: number[] = [];

  /** @param send adds `[id, kind, payload]` to what the turn hands over */
  constructor(host: HostFunctions, context: AsyncContext, send: (text: string) => void) {
    this.#host = host;
    this.#context = context;
    this.#send = send;
  }

  /**
   * Starts work.
   * @param payload its JSON
   * @param endsWithCall whether it is cancelled when nobody waits any more for the call that the running code belongs to
   */
  start(
    kind: string,
    payload: string,
    settlement: Settlement,
    bytes: Uint8Array | undefined,
    endsWithCall: boolean,
  ): number {
    const id = this.#next();
    this.#send(`[${id},"${kind}",${payload}]`);
    if (bytes !== undefined) this.#host.attach(id, bytes);
    if (endsWithCall) {
      const call = (this.#context.get() as CallContext | undefined)?.root;
      call?.hold(id);
      settlement.call = call;
    }
    this.#pending[id] = settlement;
    return id;
  }

  /** Starts work that settles a promise. The payload becomes text at once, so that one that can't fails its caller and not the turn. */
  begin(kind: string, payload: unknown, bytes?: Uint8Array, endsWithCall = false): Operation {
    const text = (JSON.stringify(payload) as string | undefined) ?? "null";
    return this.beginText(kind, text, bytes, endsWithCall);
  }

  /** {@link begin} with a payload that is JSON already. */
  beginText(kind: string, text: string, bytes?: Uint8Array, endsWithCall = false): Operation {
    let id = 0;
    let settlement: Settlement | undefined;
    const promise = new Promise<OperationResult>((resolve, reject) => {
      settlement = new PromiseSettlement(resolve, reject);
      id = this.start(kind, text, settlement, bytes, endsWithCall);
    });
    return {
      promise,
      cancel: () => {
        // The number may be another's by now.
        if (this.#pending[id] === settlement) this.giveUp(id);
      },
    };
  }

  /** The host has done it. */
  complete(id: number, hasBytes: boolean, value: unknown): void {
    const settlement = this.#take(id);
    settlement?.complete(value, hasBytes ? this.#host.take(id) : null);
  }

  /** The host has failed. @param description the error's message and properties */
  fail(id: number, description: unknown): void {
    const { message, ...rest } = description as { message: string };
    this.#take(id)?.fail(Object.assign(new Error(message), rest));
  }

  /** Nobody waits any more for one that is pending; the host still says how it ended. */
  giveUp(id: number): void {
    this.#send(`[${id},"cancel",null]`);
  }

  #take(id: number): Settlement | undefined {
    const settlement = this.#pending[id];
    if (settlement === undefined) return undefined;
    this.#pending[id] = undefined;
    this.#free.push(id);
    (settlement.call as CallContext | undefined)?.settle(id);
    return settlement;
  }

  /** A number that none has whose end isn't known: until then, the host may mean it. Above 0. */
  #next(): number {
    return this.#free.pop() ?? this.#pending.push(undefined) - 1;
  }
}

class PromiseSettlement implements Settlement {
  call: unknown = undefined;
  readonly #resolve: (result: OperationResult) => void;
  readonly #reject: (error: Error) => void;

  constructor(resolve: (result: OperationResult) => void, reject: (error: Error) => void) {
    this.#resolve = resolve;
    this.#reject = reject;
  }

  complete(value: unknown, bytes: Uint8Array | null): void {
    this.#resolve({ value, bytes });
  }

  fail(error: Error): void {
    this.#reject(error);
  }
}
