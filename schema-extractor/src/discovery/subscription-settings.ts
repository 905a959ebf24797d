import type { NodeHandle } from "../checker/handles.ts";
import type { SubscriptionSettingsModel } from "../model/application-model.ts";
import type { DiscoveryContext } from "./discovery-context.ts";
import { readDuration } from "./durations.ts";
import { invalidOption, type Option, readOptions } from "./endpoint-options.ts";

type RetrySettings = Pick<SubscriptionSettingsModel, "minBackoffSeconds" | "maxBackoffSeconds" | "maxRetries">;

const defaults = {
  maxConcurrency: 100,
  ackDeadlineSeconds: 30,
  messageRetentionSeconds: 7 * 24 * 60 * 60,
  minBackoffSeconds: 10,
  maxBackoffSeconds: 10 * 60,
  maxRetries: 100,
};

/** What an Int32 holds. */
const largestCount = 0x7fffffff;

/** Reads what a subscription says of itself besides its retries; all that is wrong is reported, and defaults take its place. */
export function readSettings(
  context: DiscoveryContext,
  options: ReadonlyMap<string, Option>,
): Omit<SubscriptionSettingsModel, keyof RetrySettings> {
  return {
    maxConcurrency: readConcurrency(context, options.get("maxConcurrency")),
    ackDeadlineSeconds: readLength(context, options, "ackDeadline", 1, "a second") ?? defaults.ackDeadlineSeconds,
    messageRetentionSeconds:
      readLength(context, options, "messageRetention", 1, "a second") ?? defaults.messageRetentionSeconds,
  };
}

/** Reads the `retryPolicy` of a subscription's configuration. */
export function readRetries(context: DiscoveryContext, config: NodeHandle | undefined): RetrySettings {
  const entry =
    config === undefined
      ? undefined
      : context.view.constants.entries(config).entries.find(({ name }) => name === "retryPolicy");
  const options = readOptions(context, entry?.value, "a retry policy");
  const shortest = readLength(context, options, "minBackoff", 0);
  const longest = readLength(context, options, "maxBackoff", 0);
  const last = options.get("maxBackoff");
  if (shortest !== undefined && longest !== undefined && last !== undefined && longest < shortest) {
    invalidOption(context, last, "maxBackoff is no shorter than minBackoff");
  }
  return {
    // One that is given moves the default of the other, so that they stay in order.
    minBackoffSeconds: shortest ?? Math.min(defaults.minBackoffSeconds, longest ?? Infinity),
    maxBackoffSeconds: longest ?? Math.max(defaults.maxBackoffSeconds, shortest ?? 0),
    maxRetries: readMaxRetries(context, options.get("maxRetries")),
  };
}

/** Any negative number is no limit. */
function readConcurrency(context: DiscoveryContext, option: Option | undefined): number | null {
  if (option?.value === undefined) return defaults.maxConcurrency;
  if (isCount(option.value) && option.value !== 0) return option.value < 0 ? null : option.value;
  invalidOption(context, option, "maxConcurrency is a whole number of messages of 1 or more, or -1 for no limit");
  return defaults.maxConcurrency;
}

function readMaxRetries(context: DiscoveryContext, option: Option | undefined): number {
  if (option?.value === undefined) return defaults.maxRetries;
  if (isCount(option.value) && option.value >= -1) return option.value;
  invalidOption(context, option, "maxRetries is a whole number of retries, 0 for none, or -1 for as many as it takes");
  return defaults.maxRetries;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Math.abs(value as number) <= largestCount;
}

/** The seconds of a length of time; undefined where it isn't given, or is wrong, which is reported. */
function readLength(
  context: DiscoveryContext,
  options: ReadonlyMap<string, Option>,
  name: string,
  atLeast: number,
  least?: string,
): number | undefined {
  const option = options.get(name);
  if (option?.value === undefined) return undefined;
  const seconds = typeof option.value === "string" ? readDuration(option.value) : undefined;
  if (seconds !== undefined && seconds >= atLeast) return seconds;
  const bound = least === undefined ? "" : ` of ${least} or more`;
  invalidOption(context, option, `${name} is a length of time${bound}, such as "30s", "500ms" or "1h30m"`);
  return undefined;
}
