import type { SdkUse } from "../checker/declared-resources.ts";
import type {
  AuthHandlerModel,
  EndpointModel,
  EndpointOptionsModel,
  GatewayModel,
} from "../model/application-model.ts";
import { anonymousType, type ModelType } from "../model/type-model.ts";
import type { DiagnosticList } from "../diagnostics/diagnostic-list.ts";
import { type DiscoveryContext, reportAt } from "./discovery-context.ts";
import { readDuration } from "./durations.ts";
import { invalidOption, readOptions } from "./endpoint-options.ts";
import { build, checkReadable, exportOf } from "./endpoints.ts";
import { checkMessages } from "./message-checks.ts";

const handlerParameter = 0;
const optionsParameter = 1;

/** Reads an auth handler: `export const auth = authHandler<Params, AuthData>(async (params) => …)`. */
export function readAuthHandler(context: DiscoveryContext, use: SdkUse): AuthHandlerModel | undefined {
  const exported = exportOf(context, use, { noun: "auth handler", call: "authHandler" });
  const service = context.services.of(use.file);
  if (exported === undefined || service === undefined) return undefined;
  const { name, exportName } = exported;
  const signature = context.view.handlerSignature(use.node, handlerParameter);
  const params = build(context, signature?.request, `${name}.params`);
  if (params !== null && signature?.request !== undefined)
    checkReadable(context, params, signature.request, `${name}.request`);
  const data = build(context, signature?.response, `${name}.data`);
  const handler: AuthHandlerModel = {
    name,
    service,
    doc: use.doc,
    span: context.view.spanOf(use.node),
    module: context.view.fileName(use.file),
    exportName,
    params,
    authData: withoutNull(data) ?? anonymousType({ kind: "object", fields: [], additional: null }),
    cacheSeconds: readCache(context, use),
  };
  checkParams(context, handler);
  if (data !== null) checkData(context, handler);
  return handler;
}

/** Reads the gateway, whose auth handler is the one that counts. */
export function readGateway(
  context: DiscoveryContext,
  use: SdkUse,
  handlers: ReadonlyMap<unknown, AuthHandlerModel>,
): GatewayModel {
  const [argument] = use.arguments;
  const entry =
    argument === undefined
      ? undefined
      : context.view.constants.entries(argument).entries.find(({ name }) => name === "authHandler");
  const handler = entry === undefined ? undefined : handlers.get(context.view.constants.meaningOf(entry.value));
  if (entry !== undefined && handler === undefined) {
    reportAt(context, entry.value, "gateway-invalid", {
      message:
        "The gateway's authHandler isn't one that authHandler(…) of encore.dev/auth made, or can't be followed to it.",
      help: "Name the exported constant: export const auth = authHandler(…), and here authHandler: auth.",
      member: "authHandler",
    });
  }
  return { name: "api-gateway", span: context.view.spanOf(use.node), authHandler: handler ?? null };
}

/** Reports gateways beyond the first, and endpoints that need a user where nothing finds one out. */
export function checkAuth(
  gateways: readonly GatewayModel[],
  endpoints: readonly EndpointModel[],
  diagnostics: DiagnosticList,
): void {
  const [first, ...others] = gateways;
  for (const other of others) {
    diagnostics.report("gateway-invalid", other.span, {
      message: `An application has one gateway; the other one is in ${first?.span.file ?? ""}:${String(first?.span.line ?? 0)}.`,
      help: "Remove one of them.",
      related: first === undefined ? [] : [{ span: first.span, message: "The other one." }],
    });
  }
  if (first?.authHandler !== null && first !== undefined) return;
  for (const endpoint of endpoints.filter(({ options }) => options.auth)) {
    diagnostics.report("auth-handler-missing", endpoint.span, {
      message: `${endpoint.service.name}.${endpoint.name} needs an authenticated caller, and the application has no auth handler that finds out who calls.`,
      help: "Declare one: export const gateway = new Gateway({ authHandler: auth }), with authHandler from encore.dev/auth.",
      member: "auth",
    });
  }
}

function readCache(context: DiscoveryContext, use: SdkUse): number {
  const option = readOptions(context, use.arguments[optionsParameter], "an auth handler").get("cacheFor");
  if (option === undefined || option.value === undefined) return 0;
  const seconds = typeof option.value === "string" ? readDuration(option.value) : undefined;
  if (seconds === undefined) invalidOption(context, option, 'cacheFor is a length of time such as "60s"');
  return seconds ?? 0;
}

function withoutNull(type: ModelType | null): ModelType | null {
  if (type?.shape.kind !== "union") return type;
  const options = type.shape.options.filter(({ shape }) => shape.kind !== "primitive" || shape.primitive !== "null");
  const [only, ...others] = options;
  return only !== undefined && others.length === 0 ? only : { ...type, shape: { kind: "union", options } };
}

/** Parameters are checked as those of an endpoint that has no body; each has to say where it travels. */
function checkParams(context: DiscoveryContext, handler: AuthHandlerModel): void {
  const { params, name } = handler;
  if (params === null) return;
  if (params.shape.kind !== "object") {
    context.diagnostics.report("auth-handler-invalid", handler.span, {
      message: `The parameters of the auth handler ${name} have to be an object with fields.`,
      help: "Give it fields of the types Header, Query and Cookie.",
    });
    return;
  }
  for (const field of params.shape.fields) {
    if (["header", "query", "cookie"].includes(field.wire?.kind ?? "")) continue;
    const member = `${params.name === "" ? `${name}.params` : params.name}.${field.name}`;
    context.diagnostics.report("auth-handler-invalid", field.span ?? handler.span, {
      message: `${member} doesn't say where it travels, and an auth handler reads headers, query parameters and cookies only.`,
      help: `Write ${field.name}: Header<"Authorization">, or Query or Cookie.`,
      member,
    });
  }
  checkMessages(context, asEndpoint(handler));
}

function checkData(context: DiscoveryContext, handler: AuthHandlerModel): void {
  const { shape } = handler.authData;
  const options = shape.kind === "union" ? shape.options : [handler.authData];
  const hasUser = options.every(
    (option) =>
      option.shape.kind === "object" &&
      option.shape.fields.some(({ name, optional }) => name === "userID" && !optional),
  );
  if (hasUser) return;
  context.diagnostics.report("auth-handler-invalid", handler.span, {
    message: `What the auth handler ${handler.name} returns has no field userID.`,
    help: "Return an object with userID: string, and whatever else endpoints are to know.",
  });
}

function asEndpoint(handler: AuthHandlerModel): EndpointModel {
  const options: EndpointOptionsModel = {
    methods: ["GET"],
    path: [],
    pathSpan: handler.span,
    expose: false,
    auth: false,
    bodyLimit: undefined,
    tags: [],
    sensitive: true,
  };
  const { name, service, doc, span, module, exportName, params } = handler;
  return {
    name,
    service,
    doc,
    span,
    module,
    exportName,
    kind: "typed",
    options,
    stream: null,
    static: null,
    request: params,
    response: null,
  };
}
