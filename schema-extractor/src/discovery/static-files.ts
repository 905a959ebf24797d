import { isList } from "../checker/constants.ts";
import type { SdkUse } from "../checker/declared-resources.ts";
import { folderOf, isWithin, resolvePath } from "../files/paths.ts";
import type { EndpointModel, StaticModel } from "../model/application-model.ts";
import { type DiscoveryContext, reportAt } from "./discovery-context.ts";
import { invalidOption, type Option, readEndpointOptions, readOptions } from "./endpoint-options.ts";
import { exportOf } from "./endpoints.ts";

const methods = ["GET", "HEAD"];
const defaultStatus = 404;

/** Options that say which files, not how they are reached. */
const own = ["dir", "notFound", "notFoundStatus", "headers"];

/** Reads files that are served: `export const assets = api.static({ path: "/files/*path", dir: "./assets" })`. */
export function readStatic(context: DiscoveryContext, use: SdkUse): EndpointModel | undefined {
  const exported = exportOf(context, use);
  const service = context.services.of(use.file);
  if (exported === undefined || service === undefined) return undefined;
  const { name, exportName } = exported;
  const options = readEndpointOptions(context, use, service.name, name, methods, own);
  const parameters = (options.path ?? []).filter(({ kind }) => kind === "parameter");
  for (const { value } of parameters) {
    context.diagnostics.report("static-invalid", options.pathSpan, {
      message: `The path of ${name} has the parameter :${value}, and files are found by the rest of the path alone.`,
      help: "Use a path that ends with *path or !path.",
      member: "path",
    });
  }
  return {
    name,
    service,
    doc: use.doc,
    span: context.view.spanOf(use.node),
    module: context.view.fileName(use.file),
    exportName,
    kind: "static",
    options,
    stream: null,
    static: readFiles(context, use),
    request: null,
    response: null,
  };
}

function readFiles(context: DiscoveryContext, use: SdkUse): StaticModel {
  const options = readOptions(context, use.arguments[0], "static files", ["headers"]);
  const status = options.get("notFoundStatus");
  return {
    dir: readPlace(context, use, options.get("dir"), "dir"),
    notFound: readPlace(context, use, options.get("notFound"), "notFound"),
    notFoundStatus: status === undefined ? defaultStatus : readStatus(context, status),
    headers: readHeaders(context, use),
  };
}

/** A path relative to the root, of one relative to the declaring file. */
function readPlace(context: DiscoveryContext, use: SdkUse, option: Option | undefined, name: string): string {
  if (option === undefined || option.value === undefined) return "";
  if (typeof option.value !== "string") {
    invalidOption(context, option, `${name} is a string`);
    return "";
  }
  const place = resolvePath(folderOf(use.file), option.value);
  if (isWithin(context.root, place) || place === context.root) return context.view.fileName(place);
  reportAt(context, option.node, "static-invalid", {
    message: `${name} is "${option.value}", which lies outside the application's folder.`,
    help: "Serve a folder of the application's own.",
    member: name,
  });
  return "";
}

function readStatus(context: DiscoveryContext, option: Option): number {
  const { value } = option;
  if (typeof value === "number" && Number.isInteger(value) && value >= 200 && value <= 599) return value;
  invalidOption(context, option, "notFoundStatus is an HTTP status from 200 to 599");
  return defaultStatus;
}

function readHeaders(context: DiscoveryContext, use: SdkUse): readonly (readonly [string, string])[] {
  const [argument] = use.arguments;
  if (argument === undefined) return [];
  const headers = context.view.constants.entries(argument).entries.find(({ name }) => name === "headers");
  if (headers === undefined) return [];
  const lines: [string, string][] = [];
  for (const [name, option] of readOptions(context, headers.value, "static files' headers")) {
    const values = isList(option.value) ? option.value : [option.value];
    for (const value of values) {
      if (typeof value === "string" && /^[\t\x20-\x7e]*$/.test(value)) lines.push([name, value]);
      else invalidOption(context, option, "a header is a string of visible characters, or a list of such");
    }
  }
  return lines;
}
