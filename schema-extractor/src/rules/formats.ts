import type { FormatModel, RuleModel } from "../model/type-model.ts";

const formats: ReadonlySet<string> = new Set<FormatModel>([
  "email",
  "url",
  "uuid",
  "ip",
  "ipv4",
  "ipv6",
  "date",
  "time",
  "date-time",
  "duration",
  "hostname",
  "uri",
  "base64",
  "json-pointer",
  "regex",
]);

/** The formats there are, for messages. */
export const formatNames: string = [...formats].join(", ");

/** The rule of a format's name; undefined where there is no such format. */
export function formatOf(name: string): RuleModel | undefined {
  return isFormat(name) ? { kind: "format", format: name } : undefined;
}

function isFormat(name: string): name is FormatModel {
  return formats.has(name);
}
