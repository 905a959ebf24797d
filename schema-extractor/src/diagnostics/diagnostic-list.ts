import { compareText } from "../files/paths.ts";
import type { Diagnostic, RelatedPlace, Severity, Span } from "../isolate/protocol.ts";
import type { DiagnosticCode } from "./codes.ts";

/** What a finding says besides its code and place. */
export interface Finding {
  /** What is wrong, and why. */
  readonly message: string;
  /** A way out. */
  readonly help?: string;
  /** The offending member's path. */
  readonly member?: string;
  readonly severity?: Severity;
  readonly related?: readonly RelatedPlace[];
}

/** Collects everything that is found in a run. */
export class DiagnosticList {
  readonly #entries = new Map<string, Diagnostic>();

  /** Adds a finding; one that says the same of the same place is there once. */
  report(code: DiagnosticCode, span: Span | null, finding: Finding): void {
    this.add({
      severity: finding.severity ?? "error",
      code,
      span,
      member: finding.member ?? null,
      message: finding.message,
      help: finding.help ?? null,
      related: [...(finding.related ?? [])],
    });
  }

  /** Adds a finding in its final form. */
  add(diagnostic: Diagnostic): void {
    const key = JSON.stringify([diagnostic.code, diagnostic.span, diagnostic.member, diagnostic.message]);
    if (!this.#entries.has(key)) this.#entries.set(key, diagnostic);
  }

  /** Whether there is an error, so that nothing may be written. */
  get hasErrors(): boolean {
    return [...this.#entries.values()].some((entry) => entry.severity === "error");
  }

  /** Whether there is an error that the compiler knows nothing of. */
  get hasOwnErrors(): boolean {
    return [...this.#entries.values()].some(({ severity, code }) => severity === "error" && !code.startsWith("TS"));
  }

  /** Whether the compiler found an error on the lines of a stretch. */
  hasCompilerErrorOn(place: Span): boolean {
    return [...this.#entries.values()].some(
      ({ code, span, severity }) =>
        severity === "error" &&
        code.startsWith("TS") &&
        span?.file === place.file &&
        span.line <= place.endLine &&
        span.endLine >= place.line,
    );
  }

  /** All findings by file, position and code; those without a place come first. */
  sorted(): Diagnostic[] {
    return [...this.#entries.values()].sort(compareDiagnostics);
  }
}

function compareDiagnostics(left: Diagnostic, right: Diagnostic): number {
  if (left.span === null || right.span === null) {
    return Number(left.span !== null) - Number(right.span !== null) || compareText(left.code, right.code);
  }
  return (
    compareText(left.span.file, right.span.file) ||
    left.span.line - right.span.line ||
    left.span.column - right.span.column ||
    compareText(left.code, right.code) ||
    compareText(left.member ?? "", right.member ?? "") ||
    compareText(left.message, right.message)
  );
}
