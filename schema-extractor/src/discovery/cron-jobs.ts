import type { Constant } from "../checker/constants.ts";
import type { SdkUse } from "../checker/declared-resources.ts";
import type { DiagnosticList } from "../diagnostics/diagnostic-list.ts";
import type { CronJobModel, EndpointModel } from "../model/application-model.ts";
import { type DiscoveryContext, reportAt } from "./discovery-context.ts";
import { readDuration } from "./durations.ts";
import { invalidOption, type Option, readOptions } from "./endpoint-options.ts";

const secondsPerDay = 24 * 60 * 60;
const configParameter = 1;

/** Five fields of a cron expression: numbers, names, ranges, steps, lists, and * for all. */
const schedule = /^\s*([\dA-Za-z*/,\-?LW#]+\s+){4}[\dA-Za-z*/,\-?LW#]+\s*$/;

/** Reads a cron job: `new CronJob("name", { endpoint, every: "1h" })`. */
export function readCronJob(
  context: DiscoveryContext,
  use: SdkUse,
  endpoints: ReadonlyMap<unknown, EndpointModel>,
): CronJobModel | undefined {
  const [nameNode] = use.arguments;
  const name = nameNode === undefined ? undefined : context.view.constants.evaluate(nameNode);
  if (nameNode === undefined || name?.known !== true || typeof name.value !== "string" || name.value === "") {
    reportAt(context, nameNode ?? use.node, "cron-invalid", {
      message: "A cron job's name has to be a text that is known at build time.",
      help: 'Write it as a literal: new CronJob("clean-up", …).',
    });
    return undefined;
  }
  const options = readOptions(context, use.arguments[configParameter], "a cron job", ["endpoint"]);
  const endpoint = readEndpointOf(context, use, endpoints);
  const timing = readTiming(context, use, options);
  if (endpoint === undefined || timing === undefined) return undefined;
  return {
    name: name.value,
    title: textOf(options.get("title")?.value),
    doc: use.doc,
    span: context.view.spanOf(use.node),
    endpoint,
    timing,
  };
}

/** Reports jobs of the same name. */
export function reportDuplicateJobs(jobs: readonly CronJobModel[], diagnostics: DiagnosticList): void {
  const byName = new Map<string, CronJobModel>();
  for (const job of jobs) {
    const first = byName.get(job.name);
    if (first === undefined) {
      byName.set(job.name, job);
      continue;
    }
    diagnostics.report("cron-invalid", job.span, {
      message: `Two cron jobs are called "${job.name}"; the other one is in ${first.span.file}:${String(first.span.line)}.`,
      help: "Give one of them another name.",
      related: [{ span: first.span, message: "The other one." }],
    });
  }
}

function readEndpointOf(
  context: DiscoveryContext,
  use: SdkUse,
  endpoints: ReadonlyMap<unknown, EndpointModel>,
): EndpointModel | undefined {
  const config = use.arguments[configParameter];
  const entry =
    config === undefined
      ? undefined
      : context.view.constants.entries(config).entries.find(({ name }) => name === "endpoint");
  const endpoint = entry === undefined ? undefined : endpoints.get(context.view.constants.meaningOf(entry.value));
  if (endpoint === undefined) {
    reportAt(context, entry?.value ?? use.node, "cron-invalid", {
      message: "The cron job's endpoint isn't one that api(…) made, or can't be followed to it.",
      help: "Name the exported constant of an endpoint: endpoint: cleanUp.",
      member: "endpoint",
    });
    return undefined;
  }
  if (endpoint.kind === "typed" && endpoint.request === null) return endpoint;
  reportAt(context, entry?.value ?? use.node, "cron-invalid", {
    message: `A cron job calls its endpoint without parameters, and ${endpoint.service.name}.${endpoint.name} takes some.`,
    help: "Use an endpoint without parameters, which calls this one.",
    member: "endpoint",
  });
  return undefined;
}

function readTiming(
  context: DiscoveryContext,
  use: SdkUse,
  options: ReadonlyMap<string, Option>,
): CronJobModel["timing"] | undefined {
  const every = options.get("every");
  const at = options.get("schedule");
  if (every !== undefined) {
    const seconds = typeof every.value === "string" ? readDuration(every.value) : undefined;
    if (seconds !== undefined && seconds >= 60 && secondsPerDay % seconds === 0) return { everySeconds: seconds };
    invalidOption(
      context,
      every,
      'every is a length of time of a minute or more that a day is a whole number of, such as "10m" or "6h"',
    );
    return undefined;
  }
  if (at !== undefined) {
    if (typeof at.value === "string" && schedule.test(at.value)) return { schedule: at.value.trim() };
    invalidOption(context, at, 'schedule is a cron expression of five fields, such as "0 4 * * 1"');
    return undefined;
  }
  reportAt(context, use.node, "cron-invalid", {
    message: "A cron job says when it runs, and this one doesn't.",
    help: 'Add every: "6h", or schedule: "0 4 * * 1".',
  });
  return undefined;
}

function textOf(value: Constant): string {
  return typeof value === "string" ? value : "";
}
