import { type AsyncContext, runWith } from "./async-context.js";
import type { Binder } from "./binder.js";
import type { BoundEndpoint } from "./bound-endpoint.js";
import type { OperationTable } from "./operations.js";
import { abortError, type RemoteCall, remoteError, type RemoteError, remotePayload, settled } from "./remote-calls.js";
import { type RemoteInput, type RemotePort, RemoteStream, type RemoteValues } from "./remote-stream.js";
import { callerObject } from "./stream-classes.js";
import { reported } from "./stream-endpoint.js";

/** What came of opening one: its number, or what an `APIError` is made of. */
type Opening = { stream: number } | { error: RemoteError };

/** Calls a function after some milliseconds. */
export type Later = (callback: () => void, delay: number) => unknown;

// How often the streams are looked at that callers may have let go of: a connection each, until then.
const lookEveryMs = 30_000;

/** Opens streams that other hosts serve: the host has their connections, and the isolate waits. */
export function createRemoteStreams(
  binder: Binder,
  operations: OperationTable,
  context: AsyncContext,
  later: Later,
): RemoteCall {
  const open = new OpenRemoteStreams((look, delay) => runWith(context, undefined, () => later(look, delay)));
  return async (call, endpoint, request, asError) => {
    const operation = operations.begin("serviceStream.open", remotePayload(binder, call, endpoint, request));
    const opening = (await settled(operation, call)) as Opening;
    if ("error" in opening) throw remoteError(opening.error);
    const { signal } = call;
    const values = valuesOf(binder, endpoint, (error) => runWith(context, call, () => asError(error)));
    const leave = (): void => {
      stream.leave(values.asError(abortError(call)));
    };
    const { stream, end } = RemoteStream.begin(portOf(operations, opening.stream), values, (ended) => {
      open.delete(ended);
      signal.removeEventListener("abort", leave);
    });
    open.add(stream);
    if (signal.aborted) {
      leave();
      throw abortError(call);
    }
    signal.addEventListener("abort", leave);
    return callerObject(endpoint.kind, end);
  };
}

/** The streams that are open; those that nobody can use any more are left, since nothing else would end them. */
export class OpenRemoteStreams {
  readonly #streams = new Set<RemoteStream>();
  readonly #later: Later;
  #isLooking = false;

  constructor(later: Later) {
    this.#later = later;
  }

  /** Adds one. */
  add(stream: RemoteStream): void {
    this.#streams.add(stream);
    this.#look();
  }

  /** Takes one out that has ended. */
  delete(stream: RemoteStream): void {
    this.#streams.delete(stream);
  }

  #look(): void {
    if (this.#isLooking || this.#streams.size === 0) return;
    this.#isLooking = true;
    this.#later(() => {
      this.#isLooking = false;
      for (const stream of this.#streams) {
        if (stream.isAbandoned) stream.leave(new Error("nobody uses the stream any more"));
      }
      this.#look();
    }, lookEveryMs);
  }
}

function portOf(operations: OperationTable, stream: number): RemotePort {
  return {
    send: (messages, areLast, leaves) => {
      const payload = `{"stream":${stream},"messages":[${messages.join()}],"areLast":${areLast},"leaves":${leaves}}`;
      return operations.beginText("serviceStream.send", payload).promise;
    },
    receive: async () => (await operations.begin("serviceStream.receive", { stream }).promise).value as RemoteInput,
    leave: (isAll) => {
      operations.begin("serviceStream.leave", { stream, isAll }).promise.catch(() => undefined);
    },
  };
}

function valuesOf(binder: Binder, endpoint: BoundEndpoint, asError: (error: unknown) => unknown): RemoteValues {
  const { lowerMessage, reviveMessage, revive } = endpoint.remote ?? {};
  const checks = reported(endpoint.messageChecks!(), asError);
  return {
    write: (message) => {
      const copy = checks.incoming(message);
      const text = JSON.stringify(lowerMessage === undefined ? copy : lowerMessage(copy)) as string | undefined;
      if (text === undefined) throw new TypeError(`a message can't be ${typeof message}`);
      return text;
    },
    read: (message) => (reviveMessage === undefined ? message : reviveMessage(message, binder.decimal)),
    readAnswer: (value) => (revive === undefined || value === undefined ? value : revive(value, binder.decimal)),
    asError,
  };
}
