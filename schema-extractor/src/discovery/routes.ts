import type { DiagnosticList } from "../diagnostics/diagnostic-list.ts";
import type { EndpointModel } from "../model/application-model.ts";
import { formatPath } from "./paths.ts";

/** Reports endpoints that would answer the same requests. */
export function reportRouteConflicts(endpoints: readonly EndpointModel[], diagnostics: DiagnosticList): void {
  const byShape = new Map<string, EndpointModel[]>();
  for (const endpoint of endpoints) {
    const shape = shapeOf(endpoint.options.path);
    if (shape === undefined) continue;
    const earlier = byShape.get(shape) ?? [];
    for (const other of earlier) reportConflict(endpoint, other, diagnostics);
    byShape.set(shape, [...earlier, endpoint]);
  }
}

/** What decides which requests a path takes: the names of parameters don't. */
function shapeOf(path: EndpointModel["options"]["path"]): string | undefined {
  const parts = path?.map((segment) => (segment.kind === "literal" ? segment.value : [segment.kind]));
  return parts === undefined ? undefined : JSON.stringify(parts);
}

function reportConflict(endpoint: EndpointModel, other: EndpointModel, diagnostics: DiagnosticList): void {
  const shared = sharedMethods(endpoint.options.methods, other.options.methods);
  if (shared.length === 0) return;
  const method = shared.join(", ");
  const here = formatPath(endpoint.options.path);
  const there = formatPath(other.options.path);
  diagnostics.report("route-conflict", endpoint.options.pathSpan, {
    message:
      `${fullName(endpoint)} (${method} ${here}) takes the same requests as ` +
      `${fullName(other)} (${method} ${there}) in ${other.module}:${other.options.pathSpan.line}.`,
    help: "Give one of them another path or method.",
    related: [{ span: other.options.pathSpan, message: `${fullName(other)} is declared here.` }],
  });
}

function sharedMethods(left: readonly string[], right: readonly string[]): readonly string[] {
  if (left.includes("*")) return right;
  if (right.includes("*")) return left;
  return left.filter((method) => right.includes(method));
}

function fullName(endpoint: EndpointModel): string {
  return `${endpoint.service.name}.${endpoint.name}`;
}
