/* eslint-disable @typescript-eslint/no-explicit-any -- what an application put there, it knows how to read */
import type { Method } from "./api/endpoint.js";

/** The endpoint that a call is of. */
export interface APIDesc {
  /** The service's name. */
  service: string;
  /** The endpoint's name. */
  endpoint: string;
  /** Whether it is an `api.raw`. */
  raw: boolean;
  /** Whether it is for authenticated callers only. */
  auth: boolean;
  /** Its tags. */
  tags: string[];
}

/** A call of an endpoint. */
export interface APICallMeta {
  type: "api-call";
  /** The endpoint. */
  api: APIDesc;
  /** The request's method. */
  method: Method;
  /** The request's path as the client wrote it, without the query. */
  path: string;
  /** The same with the query. */
  pathAndQuery: string;
  /** The path's parameters by name: as the handler gets them, else text. */
  pathParams: Record<string, any>;
  /** The request's headers, names in lower case; several lines of one are a list. */
  headers: Record<string, string | string[]>;
  /** The parameters as the handler gets them. */
  parsedPayload?: Record<string, any>;
  /** What middleware put into `request.data`. */
  middlewareData?: Record<string, any>;
  /** Aborts when the client leaves, or the handler's time runs out. */
  readonly signal?: RequestSignal;
}

/** An `AbortSignal`, where the application's other declarations have one. */
export type RequestSignal = typeof globalThis extends { AbortSignal: { prototype: infer Signal } } ? Signal : unknown;

/** A message of a topic. */
export interface PubSubMessageMeta {
  type: "pubsub-message";
  /** The service of the subscription. */
  service: string;
  topic: string;
  subscription: string;
  messageId: string;
  /** How often it has been delivered, this time included. */
  deliveryAttempt: number;
  /** The message as the handler gets it. */
  parsedPayload?: Record<string, any>;
}

/** Where a call stands in its trace. */
export interface TraceData {
  traceId: string;
  spanId: string;
  parentTraceId?: string;
  parentSpanId?: string;
  /** The client's own name for the request: its header `x-correlation-id`. */
  extCorrelationId?: string;
}

/** What is known of any request. */
export interface BaseRequestMeta {
  trace?: TraceData;
}

/** What is known of the request that is being handled. */
export type RequestMeta = (APICallMeta | PubSubMessageMeta) & BaseRequestMeta;
