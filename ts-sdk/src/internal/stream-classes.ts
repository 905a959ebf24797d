/** One side of a stream: what the classes that applications see show parts of. */
export interface StreamEnd {
  /** The next message, or that there is none. */
  next(): Promise<IteratorResult<unknown, undefined>>;
  /** The next message. @returns rejects where there is none */
  receiveNext(): Promise<unknown>;
  /** Sends a message; settles once there is room for another. */
  send(message: unknown): Promise<void>;
  /** Closes the stream once everything is sent. */
  close(): Promise<void>;
  /** A loop over the messages was left; where this is missing, that means nothing. */
  leave?(): void;
}

/** What handlers get to receive messages from. */
export class StreamIn {
  readonly #end: StreamEnd;

  constructor(end: StreamEnd) {
    this.#end = end;
  }

  /** The next message. @returns rejects once there are no more */
  recv(): Promise<unknown> {
    return this.#end.receiveNext();
  }

  [Symbol.asyncIterator](): AsyncIterator<unknown, undefined> {
    return messages(this.#end);
  }
}

/** What handlers get to send messages to. */
export class StreamOut {
  readonly #end: StreamEnd;

  constructor(end: StreamEnd) {
    this.#end = end;
  }

  /** Sends a message. @returns settles once there is room for another; rejects once nobody receives them */
  send(message: unknown): Promise<void> {
    return this.#end.send(message);
  }

  /** Closes the stream once everything is sent. */
  close(): Promise<void> {
    return this.#end.close();
  }
}

/** Both of them. */
export class StreamInOut {
  readonly #end: StreamEnd;

  constructor(end: StreamEnd) {
    this.#end = end;
  }

  recv(): Promise<unknown> {
    return this.#end.receiveNext();
  }

  send(message: unknown): Promise<void> {
    return this.#end.send(message);
  }

  close(): Promise<void> {
    return this.#end.close();
  }

  [Symbol.asyncIterator](): AsyncIterator<unknown, undefined> {
    return messages(this.#end);
  }
}

function messages(end: StreamEnd): AsyncIterator<unknown, undefined> {
  return {
    next: () => end.next(),
    return: () => {
      end.leave?.();
      return Promise.resolve({ done: true, value: undefined });
    },
  };
}

/** What callers of a `streamIn` get: they send, and are answered once. */
export class StreamOutWithResponse extends StreamOut {
  readonly #response: () => Promise<unknown>;

  constructor(end: CallerEnd) {
    super(end);
    this.#response = () => end.response();
  }

  /** What the endpoint answers. */
  response(): Promise<unknown> {
    return this.#response();
  }
}

/** The caller's side of a stream between services. */
export interface CallerEnd extends StreamEnd {
  response(): Promise<unknown>;
}

/** The object that a caller of an endpoint of a kind gets. */
export function callerObject(kind: string, end: CallerEnd): object {
  switch (kind) {
    case "streamIn":
      return new StreamOutWithResponse(end);
    case "streamOut":
      return new StreamIn(end);
    default:
      return new StreamInOut(end);
  }
}

/** The object that a handler of a kind gets. */
export function streamObject(kind: string, end: StreamEnd): object {
  switch (kind) {
    case "streamIn":
      return new StreamIn(end);
    case "streamOut":
      return new StreamOut(end);
    default:
      return new StreamInOut(end);
  }
}
