import { create } from "@bufbuild/protobuf";
import {
  type Application,
  SubscriptionSchemaSchema,
  TopicGuarantee,
  TopicSchemaSchema,
} from "../../generated/application_pb.js";
import type { ApplicationModel, TopicModel } from "../model/application-model.ts";
import { encodable } from "./scalars.ts";
import type { SourceTable } from "./source-table.ts";
import type { TypeTable } from "./type-table.ts";

const guarantees: Readonly<Record<TopicModel["guarantee"], TopicGuarantee>> = {
  atLeastOnce: TopicGuarantee.AT_LEAST_ONCE,
  exactlyOnce: TopicGuarantee.EXACTLY_ONCE,
};

/** Emits topics and their subscriptions; the numbers of types and modules follow by {@link completeTopics}. */
export function emitTopics(
  model: ApplicationModel,
  application: Application,
  types: TypeTable,
  sources: SourceTable,
): void {
  for (const { name, doc, span, guarantee, orderingAttribute, message, attributes } of model.topics) {
    application.topics.push(
      create(TopicSchemaSchema, {
        name,
        doc: encodable(doc),
        position: sources.position(span),
        guarantee: guarantees[guarantee],
        orderingAttribute,
        message: types.idOf(message),
        attributes: attributes.map((attribute) => ({ field: attribute, name: attribute })),
      }),
    );
  }
  for (const { topic, doc, span, service, module, maxConcurrency, ...settings } of model.subscriptions) {
    sources.add(module);
    application.subscriptions.push(
      create(SubscriptionSchemaSchema, {
        topic: model.topics.indexOf(topic),
        doc: encodable(doc),
        position: sources.position(span),
        service: model.services.indexOf(service),
        ...(maxConcurrency !== null && { maxConcurrency }),
        ...settings,
      }),
    );
  }
}

/** @param number what a type's number has become */
export function completeTopics(
  model: ApplicationModel,
  application: Application,
  sources: SourceTable,
  number: (type: number) => number,
): void {
  for (const topic of application.topics) topic.message = number(topic.message);
  for (const [index, { module }] of model.subscriptions.entries()) {
    const emitted = application.subscriptions[index];
    if (emitted !== undefined) emitted.module = sources.indexOf(module);
  }
}
