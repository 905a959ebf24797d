import { create } from "@bufbuild/protobuf";
import {
  type Application,
  AuthHandlerSchemaSchema,
  CronJobSchemaSchema,
  GatewaySchemaSchema,
  MiddlewareSchemaSchema,
  MiddlewareTargetSchema,
  SecretSchemaSchema,
} from "../../generated/application_pb.js";
import type { ApplicationModel } from "../model/application-model.ts";
import { emitDatabases } from "./databases.ts";
import { encodable } from "./scalars.ts";
import type { SourceTable } from "./source-table.ts";
import { completeTopics, emitTopics } from "./topics.ts";
import type { TypeTable } from "./type-table.ts";

/** Numbers that are known once all types and files have been met. */
export interface EmittedResources {
  /** @param number what a type's number has become */
  complete(number: (type: number) => number): void;
}

/** Emits what an application declares besides services and endpoints. */
export function emitResources(
  model: ApplicationModel,
  application: Application,
  types: TypeTable,
  sources: SourceTable,
): EmittedResources {
  for (const handler of model.authHandlers) {
    const { name, doc, exportName, module, cacheSeconds, params } = handler;
    sources.add(module);
    application.authHandlers.push(
      create(AuthHandlerSchemaSchema, {
        name,
        service: model.services.indexOf(handler.service),
        doc,
        position: sources.position(handler.span),
        exportName,
        ...(params !== null && { params: types.idOf(params) }),
        authData: types.idOf(handler.authData),
        cacheSeconds,
      }),
    );
  }
  for (const { name, span, authHandler } of model.gateways) {
    const emitted = create(GatewaySchemaSchema, { name, position: sources.position(span) });
    if (authHandler !== null) emitted.authHandler = model.authHandlers.indexOf(authHandler);
    application.gateways.push(emitted);
  }
  emitMiddleware(model, application, sources);
  for (const { name, title, doc, span, endpoint, timing } of model.cronJobs) {
    application.cronJobs.push(
      create(CronJobSchemaSchema, {
        name,
        title: encodable(title),
        doc,
        position: sources.position(span),
        endpoint: model.endpoints.indexOf(endpoint),
        timing:
          "schedule" in timing
            ? { case: "schedule", value: timing.schedule }
            : { case: "everySeconds", value: timing.everySeconds },
      }),
    );
  }
  for (const { name, spans } of model.secrets) {
    const positions = spans.map((span) => sources.position(span));
    application.secrets.push(create(SecretSchemaSchema, { name, positions }));
  }
  emitDatabases(model, application, sources);
  emitTopics(model, application, types, sources);
  return {
    complete(number) {
      completeTopics(model, application, sources, number);
      for (const [index, { module }] of model.authHandlers.entries()) {
        const emitted = application.authHandlers[index];
        if (emitted === undefined) continue;
        emitted.module = sources.indexOf(module);
        if (emitted.params !== undefined) emitted.params = number(emitted.params);
        emitted.authData = number(emitted.authData);
      }
      for (const [index, { module }] of model.middleware.entries()) {
        const emitted = application.middleware[index];
        if (emitted !== undefined) emitted.module = sources.indexOf(module);
      }
    },
  };
}

function emitMiddleware(model: ApplicationModel, application: Application, sources: SourceTable): void {
  for (const { name, module, span, target } of model.middleware) {
    sources.add(module);
    const emitted = create(MiddlewareSchemaSchema, { name, position: sources.position(span) });
    if (target !== null) {
      const { tags, ...flags } = target;
      emitted.target = create(MiddlewareTargetSchema, { ...flags, tags: (tags ?? []).map(encodable) });
    }
    application.middleware.push(emitted);
  }
}
