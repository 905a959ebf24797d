import type { SdkUse } from "../checker/declared-resources.ts";
import type { ServiceModel, SubscriptionModel, TopicModel } from "../model/application-model.ts";
import { readBrokerName } from "./broker-names.ts";
import { type DiscoveryContext, reportAt } from "./discovery-context.ts";
import { readOptions } from "./endpoint-options.ts";
import { readRetries, readSettings } from "./subscription-settings.ts";

const topicParameter = 0;
const nameParameter = 1;
const configParameter = 2;

const what = {
  noun: "subscription",
  code: "subscription-invalid",
  example: 'new Subscription(signups, "send-mail", …)',
} as const;

/**
 * Reads a subscription: `new Subscription(signups, "send-mail", { handler: async (signup) => … })`.
 * @param topics what each declaration of a topic became; null for one that is wrong, which is reported
 */
export function readSubscription(
  context: DiscoveryContext,
  use: SdkUse,
  topics: ReadonlyMap<unknown, TopicModel | null>,
): SubscriptionModel | undefined {
  const topic = readTopicOf(context, use, topics);
  const name = readBrokerName(context, use, nameParameter, what);
  const config = use.arguments[configParameter];
  const options = readOptions(context, config, "a subscription", ["handler", "retryPolicy"]);
  const settings = { ...readSettings(context, options), ...readRetries(context, config) };
  checkHandler(context, use);
  const service = readService(context, use);
  if (topic === undefined || name === undefined || service === undefined) return undefined;
  return {
    topic,
    name,
    doc: use.doc,
    span: context.view.spanOf(use.node),
    service,
    module: context.view.fileName(use.file),
    ...settings,
  };
}

function readTopicOf(
  context: DiscoveryContext,
  use: SdkUse,
  topics: ReadonlyMap<unknown, TopicModel | null>,
): TopicModel | undefined {
  const argument = use.arguments[topicParameter];
  const topic = argument === undefined ? undefined : topics.get(context.view.constants.meaningOf(argument));
  const place = argument ?? use.node;
  if (topic !== undefined || context.diagnostics.hasCompilerErrorOn(context.view.spanOf(place))) {
    return topic ?? undefined;
  }
  reportAt(context, place, "subscription-invalid", {
    message: "The subscription's topic isn't one that new Topic(…) made, or can't be followed to it.",
    help: 'Name the constant: export const signups = new Topic<Signup>("signups", …), and here new Subscription(signups, …).',
  });
  return undefined;
}

function checkHandler(context: DiscoveryContext, use: SdkUse): void {
  const config = use.arguments[configParameter];
  const { entries, culprit } = config === undefined ? { entries: [] } : context.view.constants.entries(config);
  if (culprit !== undefined || entries.some(({ name }) => name === "handler")) return;
  if (context.diagnostics.hasCompilerErrorOn(context.view.spanOf(use.node))) return;
  reportAt(context, config ?? use.node, "subscription-invalid", {
    message: "The subscription has no handler, so that nothing would become of its messages.",
    help: "Add one: handler: async (message) => { … }.",
    member: "handler",
  });
}

/** The service whose process handles the messages. */
function readService(context: DiscoveryContext, use: SdkUse): ServiceModel | undefined {
  const service = context.services.of(use.file);
  if (service !== undefined) return service;
  reportAt(context, use.node, "subscription-invalid", {
    message: "This subscription belongs to no service, so that nothing says which process handles its messages.",
    help: 'Move it into a service\'s folder, or make its folder one: an encore.service.ts with export default new Service("name").',
  });
  return undefined;
}
