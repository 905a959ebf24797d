import type { Constant, ConstantEntry } from "../checker/constants.ts";
import { isList } from "../checker/constants.ts";
import type { SdkUse } from "../checker/declared-resources.ts";
import type { NodeHandle } from "../checker/handles.ts";
import type { EndpointOptionsModel, PathSegmentModel } from "../model/application-model.ts";
import { type DiscoveryContext, reportAt } from "./discovery-context.ts";
import { readPath } from "./paths.ts";

const methods = new Set(["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "CONNECT"]);
const defaultMethod = "POST";

/** One option's value, and where it stands. */
export interface Option {
  readonly value: Constant;
  readonly node: NodeHandle;
}

/**
 * Reads an endpoint's options; all that is wrong with them is reported, and defaults take its place.
 * @param methods where its kind says which they are
 * @param ignored options that somebody else reads
 */
export function readEndpointOptions(
  context: DiscoveryContext,
  use: SdkUse,
  service: string,
  endpoint: string,
  methods?: readonly string[],
  ignored: readonly string[] = [],
): EndpointOptionsModel {
  const options = readOptions(context, use.arguments[0], "an endpoint", ignored);
  const flag = (name: string): boolean => {
    const option = options.get(name);
    if (option === undefined || option.value === undefined) return false;
    if (typeof option.value !== "boolean") invalidOption(context, option, `${name} is true or false`);
    return option.value === true;
  };
  const path = options.get("path");
  return {
    methods: methods ?? readMethods(context, options.get("method")),
    path: readPathOption(context, path, `/${service}.${endpoint}`),
    pathSpan: context.view.spanOf(path?.node ?? use.node),
    expose: flag("expose"),
    auth: flag("auth"),
    bodyLimit: readBodyLimit(context, options.get("bodyLimit")),
    tags: readTags(context, options.get("tags")),
    sensitive: flag("sensitive"),
  };
}

/** The options of a resource by name; those that aren't known at build time are reported. @param owner "an endpoint" */
export function readOptions(
  context: DiscoveryContext,
  argument: NodeHandle | undefined,
  owner: string,
  ignored: readonly string[] = [],
): ReadonlyMap<string, Option> {
  const options = new Map<string, Option>();
  if (argument === undefined) return options;
  const { entries, culprit } = context.view.constants.entries(argument);
  if (culprit !== undefined) {
    reportAt(context, culprit, "option-not-constant", {
      message: `The options of ${owner} have to be known at build time, and this is computed when the program runs.`,
      help: "Write them as an object literal, or as a constant that holds one.",
    });
  }
  for (const entry of entries) {
    if (ignored.includes(entry.name)) continue;
    const option = evaluate(context, entry);
    if (option !== undefined) options.set(entry.name, option);
  }
  return options;
}

function evaluate(context: DiscoveryContext, entry: ConstantEntry): Option | undefined {
  const evaluated = context.view.constants.evaluate(entry.value);
  if (evaluated.known) return { value: evaluated.value, node: entry.value };
  reportAt(context, evaluated.culprit, "option-not-constant", {
    message: `The option ${entry.name} has to be known at build time, and this is computed when the program runs.`,
    help: "Use a literal, or a constant that holds one.",
    member: entry.name,
  });
  return undefined;
}

function readMethods(context: DiscoveryContext, option: Option | undefined): readonly string[] {
  if (option?.value === undefined) return [defaultMethod];
  const given = isList(option.value) ? option.value : [option.value];
  const read: string[] = [];
  for (const method of given) {
    if (typeof method !== "string" || !(method === "*" || methods.has(method))) {
      invalidOption(
        context,
        option,
        `${JSON.stringify(method)} is not a method: they are ${[...methods].join(", ")}, and "*" for any`,
      );
    } else if (!read.includes(method)) {
      read.push(method);
    }
  }
  if (given.length === 0) invalidOption(context, option, "an endpoint needs a method");
  if (read.includes("*")) return ["*"];
  return read.length === 0 ? [defaultMethod] : read;
}

function readPathOption(
  context: DiscoveryContext,
  option: Option | undefined,
  fallback: string,
): readonly PathSegmentModel[] | null {
  const value = option?.value ?? fallback;
  if (option !== undefined && typeof value !== "string") {
    invalidOption(context, option, "path is a string");
    return null;
  }
  const reading = readPath(String(value));
  if ("segments" in reading) return reading.segments;
  if (option !== undefined) {
    reportAt(context, option.node, "path-invalid", { message: reading.problem, help: reading.help, member: "path" });
  }
  return null;
}

function readBodyLimit(context: DiscoveryContext, option: Option | undefined): number | null | undefined {
  if (option === undefined || option.value === undefined || option.value === null)
    return option?.value as null | undefined;
  if (typeof option.value === "number" && Number.isSafeInteger(option.value) && option.value >= 0) return option.value;
  invalidOption(context, option, "bodyLimit is a whole number of bytes, or null for no limit");
  return undefined;
}

function readTags(context: DiscoveryContext, option: Option | undefined): readonly string[] {
  if (option?.value === undefined) return [];
  if (isList(option.value) && option.value.every((tag) => typeof tag === "string")) return [...new Set(option.value)];
  invalidOption(context, option, "tags is an array of strings");
  return [];
}

export function invalidOption(context: DiscoveryContext, option: Option, rule: string): void {
  // Where the compiler objects too, one of the two is enough.
  if (context.diagnostics.hasCompilerErrorOn(context.view.spanOf(option.node))) return;
  reportAt(context, option.node, "option-invalid", { message: `This is not a valid option: ${rule}.` });
}
