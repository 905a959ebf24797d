import type { SdkUse } from "../checker/declared-resources.ts";
import type { MessageType } from "../checker/handler-signature.ts";
import type { TopicModel } from "../model/application-model.ts";
import type { FieldModel, ModelType } from "../model/type-model.ts";
import { type DiscoveryContext, reportAt } from "./discovery-context.ts";
import { invalidOption, type Option, readOptions } from "./endpoint-options.ts";
import { build, checkReadable } from "./endpoints.ts";
import { readBrokerName } from "./broker-names.ts";

const nameParameter = 0;
const configParameter = 1;

const guarantees: Readonly<Record<string, TopicModel["guarantee"]>> = {
  "at-least-once": "atLeastOnce",
  "exactly-once": "exactlyOnce",
};

const what = { noun: "topic", code: "topic-invalid", example: 'new Topic<Signup>("signups", …)' } as const;

/** Reads a topic: `new Topic<Signup>("signups", { deliveryGuarantee: "at-least-once" })`. */
export function readTopic(context: DiscoveryContext, use: SdkUse): TopicModel | undefined {
  const name = readBrokerName(context, use, nameParameter, what);
  const options = readOptions(context, use.arguments[configParameter], "a topic");
  const message = context.view.topicMessage(use.node);
  if (name === undefined || message === undefined) return undefined;
  const model = build(context, message, `${name}.message`);
  if (model === null || !isObject(context, model, message, name)) return undefined;
  checkReadable(context, model, message, `${name}.message`);
  const attributes = attributesOf(model);
  return {
    name,
    doc: use.doc,
    span: context.view.spanOf(use.node),
    guarantee: readGuarantee(context, options.get("deliveryGuarantee")),
    orderingAttribute: readOrder(context, options.get("orderingAttribute"), attributes, model, name),
    message: model,
    attributes,
  };
}

function readGuarantee(context: DiscoveryContext, option: Option | undefined): TopicModel["guarantee"] {
  if (option?.value === undefined) return "atLeastOnce";
  const guarantee = typeof option.value === "string" ? guarantees[option.value] : undefined;
  if (guarantee === undefined) invalidOption(context, option, 'deliveryGuarantee is "at-least-once" or "exactly-once"');
  return guarantee ?? "atLeastOnce";
}

function readOrder(
  context: DiscoveryContext,
  option: Option | undefined,
  attributes: readonly string[],
  message: ModelType,
  topic: string,
): string {
  if (option?.value === undefined) return "";
  if (typeof option.value === "string" && attributes.includes(option.value)) return option.value;
  const owner = message.name === "" ? `${topic}.message` : message.name;
  const field = fieldsOf(message).find(({ name }) => name === option.value);
  reportAt(context, option.node, "topic-invalid", {
    message:
      field === undefined
        ? `The topic ${topic} is ordered by ${JSON.stringify(option.value)}, and ${owner} has no such field.`
        : `The topic ${topic} is ordered by ${field.name}, which is no attribute of its messages.`,
    help:
      field === undefined
        ? attributes.length === 0
          ? "Name a field whose type is Attribute<string>, Attribute<number> or Attribute<boolean>."
          : `Name one of its attributes: ${attributes.map((name) => JSON.stringify(name)).join(", ")}.`
        : `Give ${owner}.${field.name} the type Attribute<…>, with Attribute from "encore.dev/pubsub".`,
    member: "orderingAttribute",
  });
  return "";
}

/** Whether messages are objects, which JSON carries by names; what else they are is reported. */
function isObject(context: DiscoveryContext, model: ModelType, message: MessageType, topic: string): boolean {
  if (optionsOf(model).every(({ shape }) => isOpen(shape) || shape.kind === "object" || shape.kind === "record")) {
    return true;
  }
  reportAt(context, message.place, "topic-invalid", {
    message: `The messages of the topic ${topic} have to be objects with fields.`,
    help: "Put the value into a field, such as { items: … }.",
    member: model.name === "" ? `${topic}.message` : model.name,
  });
  return false;
}

/** JavaScript without JSDoc says nothing of its messages: they are taken as they come. */
function isOpen(shape: ModelType["shape"]): boolean {
  return shape.kind === "primitive" && shape.primitive === "any";
}

/** The names of the fields that travel beside the body, too; of a union, those of any of its options. */
function attributesOf(model: ModelType): readonly string[] {
  const attributes = fieldsOf(model).filter(({ wire }) => wire?.kind === "attribute");
  return [...new Set(attributes.map(({ name }) => name))];
}

function fieldsOf(model: ModelType): readonly FieldModel[] {
  return optionsOf(model).flatMap(({ shape }) => (shape.kind === "object" ? shape.fields : []));
}

function optionsOf(model: ModelType): readonly ModelType[] {
  return model.shape.kind === "union" ? model.shape.options : [model];
}
