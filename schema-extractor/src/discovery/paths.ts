import type { PathSegmentModel } from "../model/application-model.ts";

/** A declared path, taken apart; or why it isn't one. */
export type PathReading =
  { readonly segments: readonly PathSegmentModel[] } | { readonly problem: string; readonly help: string };

const kinds: Readonly<Record<string, PathSegmentModel["kind"]>> = {
  ":": "parameter",
  "*": "wildcard",
  "!": "fallback",
};

const parameterName = /^[\p{L}_$][\p{L}\p{N}_$]*$/u;

/** Takes `/users/:id/files/*path` apart. A slash at the end makes no difference. */
export function readPath(path: string): PathReading {
  if (!path.startsWith("/"))
    return { problem: `The path "${path}" doesn't start with a slash.`, help: `Write "/${path}".` };
  const mark = /[?#]/.exec(path)?.[0];
  if (mark !== undefined) {
    return {
      problem: `The path "${path}" holds "${mark}", which ends a path.`,
      help: "Query parameters are fields of the request's type, not part of the path.",
    };
  }
  const parts = path.slice(1).replace(/\/$/, "").split("/");
  if (parts.length === 1 && parts[0] === "") return { segments: [] };
  const segments: PathSegmentModel[] = [];
  for (const [index, part] of parts.entries()) {
    const segment = readSegment(path, part, index === parts.length - 1);
    if ("problem" in segment) return segment;
    segments.push(segment);
  }
  const names = segments.filter((segment) => segment.kind !== "literal").map((segment) => segment.value);
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated === undefined) return { segments };
  return {
    problem: `The path "${path}" has the parameter ${repeated} twice.`,
    help: "Give each parameter a name of its own.",
  };
}

function readSegment(path: string, part: string, last: boolean): PathSegmentModel | { problem: string; help: string } {
  if (part === "") return { problem: `The path "${path}" has an empty segment.`, help: "Remove one of the slashes." };
  const kind = kinds[part.charAt(0)];
  if (kind === undefined) return readLiteral(path, part);
  const value = part.slice(1);
  if (!parameterName.test(value)) {
    return {
      problem: `"${part}" in the path "${path}" doesn't name a parameter.`,
      help: "A parameter is a whole segment with a name that a field can have, such as :id.",
    };
  }
  if (kind !== "parameter" && !last) {
    return { problem: `"${part}" takes the rest of the path, and more follows in "${path}".`, help: "Put it last." };
  }
  return { kind, value };
}

function readLiteral(path: string, part: string): PathSegmentModel | { problem: string; help: string } {
  try {
    return { kind: "literal", value: decodeURIComponent(part) };
  } catch {
    return {
      problem: `"${part}" in the path "${path}" is not percent-encoded correctly.`,
      help: "Write a percent sign as %25.",
    };
  }
}

/** A path as it is declared. */
export function formatPath(segments: readonly PathSegmentModel[] | null): string {
  const marks = { literal: "", parameter: ":", wildcard: "*", fallback: "!" };
  return `/${(segments ?? []).map((segment) => marks[segment.kind] + segment.value).join("/")}`;
}
