import type { BodyReference, ExchangeRequest, ExchangeResponse } from "../../src/runtime/fetch/protocol.js";
import { Isolate, type StartedOperation } from "./isolate.js";

/** What the fake server answers: the head, and the body in pieces; or an error. */
export interface Answer {
  status?: number;
  statusText?: string;
  headers?: [string, string][];
  /** Pieces of the body. The first goes along with the head if `together`. */
  chunks?: (string | Uint8Array)[];
  /** Whether the first piece comes with the head; default: yes. */
  together?: boolean;
  /** After its pieces the body breaks off. */
  breaks?: boolean;
  error?: { message: string; code?: string };
  /** Nothing is answered, ever. */
  silent?: boolean;
}

export interface Received extends ExchangeRequest {
  body: string | undefined;
}

/** Plays the host's part of `fetch`. */
export class FakeServer {
  readonly isolate = new Isolate();
  readonly received: Received[] = [];
  /** Ids of bodies that were cancelled. */
  readonly cancelledBodies: number[] = [];
  readonly #answers: (request: ExchangeRequest) => Answer;
  readonly #bodies = new Map<number, { chunks: (string | Uint8Array)[]; breaks: boolean; silent: boolean }>();
  #nextId = 1;

  constructor(answers: (request: ExchangeRequest) => Answer) {
    this.#answers = answers;
    this.isolate.onOperation = (operation) => this.#handle(operation);
  }

  /** Operations that the isolate cancelled. */
  get cancelledOperations(): number {
    return this.isolate.operations.filter(({ kind }) => kind === "cancel").length;
  }

  async run(body: string): Promise<unknown> {
    const result = await this.isolate.runAsync(body);
    // What the isolate tells the host at the very end.
    await new Promise((resolve) => setImmediate(resolve));
    return result;
  }

  #handle({ id, kind, payload, bytes }: StartedOperation): void {
    if (kind === "fetch") this.#exchange(id, payload as ExchangeRequest, bytes);
    else if (kind === "fetch.read") this.#read(id, (payload as BodyReference).id);
    else if (kind === "fetch.cancel") {
      this.cancelledBodies.push((payload as BodyReference).id);
      this.isolate.complete(id, null);
    }
  }

  #exchange(id: number, request: ExchangeRequest, bytes: Uint8Array | undefined): void {
    this.received.push({ ...request, body: bytes === undefined ? undefined : new TextDecoder().decode(bytes) });
    const {
      status = 200,
      statusText = "",
      headers = [],
      chunks = [],
      together = true,
      breaks = false,
      error,
      silent = false,
    } = this.#answers(request);
    if (error !== undefined) {
      this.isolate.fail(id, error);
      return;
    }
    if (silent && chunks.length === 0) return;
    const rest = [...chunks];
    const first = together ? rest.shift() : undefined;
    const end = together && rest.length === 0 && !breaks && !silent;
    const body = this.#nextId++;
    if (!end) this.#bodies.set(body, { chunks: rest, breaks, silent });
    const head: ExchangeResponse = { id: body, status, statusText, headers, end };
    this.isolate.complete(id, head, first);
  }

  #read(operation: number, id: number): void {
    const body = this.#bodies.get(id);
    if (body === undefined) throw new Error(`there is no body ${id}`);
    const chunk = body.chunks.shift();
    if (chunk === undefined && body.silent) return;
    if (chunk === undefined && body.breaks) {
      this.isolate.fail(operation, { message: "reset by peer", code: "ECONNRESET" });
      return;
    }
    const end = chunk === undefined;
    if (end) this.#bodies.delete(id);
    this.isolate.complete(operation, { end }, chunk);
  }
}
