import type { ApplicationView } from "../checker/application-view.ts";
import type { NodeHandle } from "../checker/handles.ts";
import type { DiagnosticCode } from "../diagnostics/codes.ts";
import type { DiagnosticList, Finding } from "../diagnostics/diagnostic-list.ts";
import type { TypeBuilder } from "../types/type-builder.ts";
import type { EndpointMemory } from "./endpoint-memory.ts";
import type { ServiceMap } from "./services.ts";

/** What a reader of resources works with. */
export interface DiscoveryContext {
  /** The application's folder, absolute. */
  readonly root: string;
  readonly view: ApplicationView;
  readonly diagnostics: DiagnosticList;
  readonly types: TypeBuilder;
  readonly services: ServiceMap;
  readonly memory: EndpointMemory;
}

/** Reports a finding at a node. */
export function reportAt(
  context: Pick<DiscoveryContext, "view" | "diagnostics">,
  node: NodeHandle,
  code: DiagnosticCode,
  finding: Finding,
): void {
  context.diagnostics.report(code, context.view.spanOf(node), finding);
}
