import type { RequestMeta, TraceData } from "../request-meta.js";
import type { SubscriptionBinding } from "./bound-endpoint.js";
import type { CallContext } from "./call-context.js";

/** What `currentRequest()` gives for a call of an endpoint, or for a message. Getters that cost something ask the host only when they are read. */
export function requestMeta(call: CallContext): RequestMeta {
  return metas.get(call) ?? remember(call);
}

const metas = new WeakMap<CallContext, RequestMeta>();

function remember(call: CallContext): RequestMeta {
  const { subscription } = call.endpoint;
  const meta = subscription === undefined ? callMeta(call) : messageMeta(call, subscription);
  metas.set(call, meta);
  return meta;
}

function callMeta(call: CallContext): RequestMeta {
  const { service, endpoint, kind, auth, tags } = call.endpoint;
  const meta = {
    type: "api-call",
    api: { service, endpoint, raw: kind === "raw", auth, tags: [...tags] },
    get method() {
      return call.description.method;
    },
    get path() {
      return call.description.path;
    },
    get pathAndQuery() {
      return call.description.pathAndQuery;
    },
    get pathParams() {
      return pathParams(call);
    },
    get headers() {
      return call.description.headers;
    },
    get parsedPayload() {
      return call.request ?? undefined;
    },
    get middlewareData() {
      return call.data;
    },
    get trace() {
      return traceOf(call);
    },
  };
  // Not a part of what is printed or sent on.
  Object.defineProperty(meta, "signal", { get: () => call.signal, enumerable: false });
  return meta as unknown as RequestMeta;
}

function messageMeta(call: CallContext, { service, topic, name }: SubscriptionBinding): RequestMeta {
  const { id = "", attempt = 0 } = call.delivered ?? {};
  return {
    type: "pubsub-message",
    service,
    topic,
    subscription: name,
    messageId: id,
    deliveryAttempt: attempt,
    get parsedPayload() {
      return call.request as Record<string, unknown>;
    },
    get trace() {
      return traceOf(call);
    },
  };
}

/** What log lines say of the message that they belong to. */
export function messageFields(
  call: CallContext,
  { service, topic, name }: SubscriptionBinding,
): Record<string, unknown> {
  return { service, topic, subscription: name, message_id: call.delivered?.id };
}

function traceOf(call: CallContext): TraceData {
  const { parentSpanId, extCorrelationId } = call.description;
  const parent = call.parent?.spanId ?? parentSpanId;
  return {
    traceId: call.traceId,
    spanId: call.spanId,
    ...(parent !== undefined && { parentTraceId: call.traceId, parentSpanId: parent }),
    ...(extCorrelationId !== undefined && { extCorrelationId }),
  };
}

/** As the handler gets them, where it does; else the text in the path. */
function pathParams(call: CallContext): Record<string, unknown> {
  const params: Record<string, unknown> = { ...call.description.pathParams };
  const { request } = call;
  if (typeof request !== "object" || request === null) return params;
  for (const name of Object.keys(params)) {
    if (Object.hasOwn(request, name)) params[name] = (request as Record<string, unknown>)[name];
  }
  return params;
}
