import { endpointSymbol } from "../internal/registry.js";

/** How a stream is reached, and by whom. Values have to be literals: they are read at build time. */
export interface StreamOptions {
  /** The path, as for other endpoints. Default: `/<service>.<endpoint>`. */
  path?: string;
  /** Whether clients may open it. Default: false. */
  expose?: boolean;
  /** Whether a request needs valid credentials. Default: false. */
  auth?: boolean;
  /** Names by which middleware and client generation choose endpoints. */
  tags?: string[];
  /** Whether messages are kept out of traces and logs. Default: false. */
  sensitive?: boolean;
}

/** The messages that the other side sends; iterating ends when it has sent the last one. */
export interface StreamIn<Request> extends AsyncIterable<Request> {
  /** The next message. Rejects when there is none any more. */
  recv: () => Promise<Request>;
}

/** Takes messages for the other side. */
export interface StreamOut<Response> {
  /** Sends a message. The promise waits while the other side is slow, and rejects once it has left. */
  send: (message: Response) => Promise<void>;
  /** Ends the stream. */
  close: () => Promise<void>;
}

/** Both ways at once. */
export type StreamInOut<Request, Response> = StreamIn<Request> & StreamOut<Response>;

/** A stream to an endpoint that answers once at the end. */
export interface StreamOutWithResponse<Request, Response> extends StreamOut<Request> {
  /** What the endpoint answers. */
  response: () => Promise<Response>;
}

// void stands for the handshake that a stream doesn't have.
/* eslint-disable @typescript-eslint/no-invalid-void-type */

/** The handler of a stream in both directions. */
export type StreamInOutHandlerFn<Handshake, Request, Response> = Handshake extends void
  ? (stream: StreamInOut<Request, Response>) => Promise<void>
  : (data: Handshake, stream: StreamInOut<Request, Response>) => Promise<void>;

/** The handler of a stream that messages go out by. */
export type StreamOutHandlerFn<Handshake, Response> = Handshake extends void
  ? (stream: StreamOut<Response>) => Promise<void>
  : (data: Handshake, stream: StreamOut<Response>) => Promise<void>;

/** The handler of a stream that messages come in by. */
export type StreamInHandlerFn<Handshake, Request, Response> = Handshake extends void
  ? (stream: StreamIn<Request>) => Promise<Response>
  : (data: Handshake, stream: StreamIn<Request>) => Promise<Response>;

/** Declares a stream that clients send and receive messages by. With a handshake, its fields come first. */
export interface DeclareStreamInOut {
  <Handshake, Request, Response>(
    options: StreamOptions,
    handler: (data: Handshake, stream: StreamInOut<Request, Response>) => Promise<void>,
  ): StreamInOutHandlerFn<Handshake, Request, Response>;
  <Request, Response>(
    options: StreamOptions,
    handler: (stream: StreamInOut<Request, Response>) => Promise<void>,
  ): (stream: StreamInOut<Request, Response>) => Promise<void>;
}

/** Declares a stream that clients send messages by; what the handler returns is the last message, to them. */
export interface DeclareStreamIn {
  <Request>(
    options: StreamOptions,
    handler: (stream: StreamIn<Request>) => Promise<void>,
  ): (stream: StreamIn<Request>) => Promise<void>;
  <Request, Response>(
    options: StreamOptions,
    handler: (stream: StreamIn<Request>) => Promise<Response>,
  ): (stream: StreamIn<Request>) => Promise<Response>;
  <Handshake, Request, Response>(
    options: StreamOptions,
    handler: (data: Handshake, stream: StreamIn<Request>) => Promise<Response>,
  ): StreamInHandlerFn<Handshake, Request, Response>;
}

/** Declares a stream that clients receive messages by. */
export interface DeclareStreamOut {
  <Handshake, Response>(
    options: StreamOptions,
    handler: (data: Handshake, stream: StreamOut<Response>) => Promise<void>,
  ): StreamOutHandlerFn<Handshake, Response>;
  <Response>(
    options: StreamOptions,
    handler: (stream: StreamOut<Response>) => Promise<void>,
  ): (stream: StreamOut<Response>) => Promise<void>;
}

type Handler = (...args: never[]) => Promise<unknown>;

/** What declares a stream of a kind. */
export function declareStream(kind: "streamIn" | "streamOut" | "streamInOut"): unknown {
  return (options: StreamOptions, handler: Handler): Handler => {
    const endpoint = async (...args: never[]): Promise<unknown> => handler(...args);
    Object.defineProperty(endpoint, endpointSymbol, { value: { options, handler, kind } });
    return endpoint;
  };
}
