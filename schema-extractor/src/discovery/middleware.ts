import { isList } from "../checker/constants.ts";
import type { SdkUse } from "../checker/declared-resources.ts";
import type { MiddlewareModel, MiddlewareTargetModel } from "../model/application-model.ts";
import type { DiscoveryContext } from "./discovery-context.ts";
import { invalidOption, readOptions } from "./endpoint-options.ts";

const flags = ["expose", "auth", "isRaw", "isStream"] as const;

/** Reads a middleware. Which service runs it, and in what order, its `Service` says when the program runs. */
export function readMiddleware(context: DiscoveryContext, use: SdkUse): MiddlewareModel {
  return {
    name: use.variable ?? "",
    module: context.view.fileName(use.file),
    span: context.view.spanOf(use.node),
    target: use.arguments.length > 1 ? readTarget(context, use) : null,
  };
}

function readTarget(context: DiscoveryContext, use: SdkUse): MiddlewareTargetModel | null {
  const [argument] = use.arguments;
  if (argument === undefined) return null;
  const entry = context.view.constants.entries(argument).entries.find(({ name }) => name === "target");
  if (entry === undefined) return null;
  const options = readOptions(context, entry.value, "a middleware's target");
  const target: { -readonly [Name in keyof MiddlewareTargetModel]: MiddlewareTargetModel[Name] } = {};
  for (const name of flags) {
    const option = options.get(name);
    if (option === undefined || option.value === undefined) continue;
    if (typeof option.value === "boolean") target[name] = option.value;
    else invalidOption(context, option, `${name} is true or false`);
  }
  const tags = options.get("tags");
  if (tags?.value !== undefined) {
    if (isList(tags.value) && tags.value.every((tag) => typeof tag === "string")) target.tags = tags.value;
    else invalidOption(context, tags, "tags is an array of strings");
  }
  return target;
}
