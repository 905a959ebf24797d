/**
 * Topics and subscriptions: messages that a broker keeps until they are handled.
 *
 * @module
 */
export type { Attribute, AttributesOf } from "./attributes.js";
export type { Publisher, PublishOptions, TopicPerms } from "./publisher.js";
export { type RetryPolicy, Subscription, type SubscriptionConfig } from "./subscription.js";
export { type DeliveryGuarantee, Topic, type TopicConfig } from "./topic.js";
export type { DurationString } from "../types/index.js";
