import ts from "typescript";
import type { DiagnosticList } from "../diagnostics/diagnostic-list.ts";
import type { Diagnostic, RelatedPlace } from "../isolate/protocol.ts";
import { sdkModuleName } from "./module-resolver.ts";
import type { CheckedProgram } from "./program.ts";

/** Adds everything the compiler finds in the application's own files. */
export function reportCompilerDiagnostics(checked: CheckedProgram, list: DiagnosticList): void {
  const { program, builder } = checked;
  const general = [
    ...program.getConfigFileParsingDiagnostics(),
    ...program.getOptionsDiagnostics(),
    ...program.getGlobalDiagnostics(),
  ];
  for (const diagnostic of general)
    if (diagnostic.code !== fileNotFound) list.add(convert(checked, diagnostic, "error"));
  for (const file of checked.sources) {
    for (const diagnostic of builder.getSyntacticDiagnostics(file)) list.add(convert(checked, diagnostic, "error"));
    const loose = isLooseJavaScript(checked, file);
    for (const diagnostic of builder.getSemanticDiagnostics(file)) {
      if (loose && isAboutMissingTypes(diagnostic)) continue;
      list.add(convert(checked, diagnostic, severityOf(diagnostic, loose)));
    }
  }
}

/** TS6053: of an entry file, which gets a diagnostic of its own; all others are read from listings. */
const fileNotFound = 6053;

/** JavaScript whose author asked for no type checks: what its JSDoc says is used, and contradictions are warnings. */
function isLooseJavaScript(checked: CheckedProgram, file: ts.SourceFile): boolean {
  if (!/\.[cm]?jsx?$/.test(file.fileName) || checked.config.checksJavaScript) return false;
  return !/^\s*\/\/\s*@ts-check\b/m.test(file.text.slice(0, file.getStart(file)));
}

/**
 * The `noImplicitAny` family, which JavaScript without annotations consists of; and what the compiler makes of a handler's
 * parameter without a type: its default, void.
 */
function isAboutMissingTypes({ code, messageText }: ts.Diagnostic): boolean {
  if (code >= 7000 && code < 7060 && code !== 7027 && code !== 7028) return true;
  return ts.flattenDiagnosticMessageText(messageText, "\n").includes("type 'void'");
}

function severityOf(diagnostic: ts.Diagnostic, loose: boolean): "error" | "warning" {
  return loose || diagnostic.category !== ts.DiagnosticCategory.Error ? "warning" : "error";
}

function convert(checked: CheckedProgram, diagnostic: ts.Diagnostic, severity: "error" | "warning"): Diagnostic {
  const { file, start, length } = diagnostic;
  const message = ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n");
  return {
    severity,
    code: `TS${diagnostic.code}`,
    span:
      file === undefined || start === undefined
        ? null
        : checked.positions.spanOfRange(file, start, start + (length ?? 0)),
    member: null,
    message,
    help: helpFor(diagnostic, message),
    related: (diagnostic.relatedInformation ?? []).flatMap((related) => relatedPlace(checked, related)),
  };
}

function relatedPlace(checked: CheckedProgram, related: ts.DiagnosticRelatedInformation): RelatedPlace[] {
  const { file, start, length } = related;
  // The SDK's and the library's sources tell an application's author nothing.
  if (file === undefined || start === undefined || !checked.sources.includes(file)) return [];
  const span = checked.positions.spanOfRange(file, start, start + (length ?? 0));
  return [{ span, message: ts.flattenDiagnosticMessageText(related.messageText, "\n") }];
}

const cannotFindModule = new Set([2307, 2792, 7016]);
const nodeNames = /^Cannot find name '(process|Buffer|require|__dirname|__filename|global)'/;

/** A way out for what comes up in applications moving to this host. */
function helpFor(diagnostic: ts.Diagnostic, message: string): string | null {
  if (cannotFindModule.has(diagnostic.code)) {
    const specifier = /'([^']+)'/.exec(message)?.[1] ?? "";
    const module = sdkModuleName(specifier);
    if (module !== undefined) return `This version of encore-host has no module "${specifier}".`;
    if (specifier.startsWith("~encore/")) return "This version of encore-host does not generate ~encore/* modules.";
    if (specifier.startsWith("node:")) return "Install @types/node for the declarations of Node's modules.";
    if (!specifier.startsWith(".") && !specifier.startsWith("/"))
      return `Is it installed? Try: npm install ${packageName(specifier)}`;
  }
  if (nodeNames.test(message)) return "Install @types/node for the declarations of Node's globals.";
  return null;
}

function packageName(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}
