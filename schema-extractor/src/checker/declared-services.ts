import ts from "typescript";
import type { FileSystem } from "../files/file-system.ts";
import { compareText, folderOf, isWithin } from "../files/paths.ts";
import { isServiceFile } from "./application-files.ts";
import { unwrapExpression } from "./expressions.ts";

/** An endpoint that other services can call. */
export interface DeclaredEndpoint extends DeclaredExport {
  readonly kind: DeclaredKind;
}

/** Something that a source exports. */
export interface DeclaredExport {
  /** Absolute. */
  readonly file: string;
  readonly exportName: string;
}

/** Kinds of endpoints that services can call. */
export type DeclaredKind = "typed" | "streamIn" | "streamOut" | "streamInOut";

const kinds: ReadonlyMap<string, DeclaredKind> = new Map([
  ["api", "typed"],
  ["api.streamIn", "streamIn"],
  ["api.streamOut", "streamOut"],
  ["api.streamInOut", "streamInOut"],
]);

/** A service, as far as its source shows it without being checked. */
export interface DeclaredService {
  readonly name: string;
  /** By the name that clients know it by; sorted. */
  readonly endpoints: ReadonlyMap<string, DeclaredEndpoint>;
}

/** What generated modules are made of. */
export interface DeclaredApplication {
  /** Sorted by name. */
  readonly services: readonly DeclaredService[];
  readonly authHandler: DeclaredExport | undefined;
  /** What the application calls the SDK's package. */
  readonly sdk: "encore.dev" | "encore-host";
}

const sdkModule = /^(encore\.dev|encore-host)\/(api|auth|service)$/;

/**
 * Finds services and endpoints by the sources' syntax alone: the checker can't tell them before it knows the clients that are made of them.
 * @param implied names a folder that is a service without saying so
 */
export function declaredApplication(
  sources: readonly string[],
  files: FileSystem,
  implied: (folder: string) => string,
): DeclaredApplication {
  const scans = sources.map((path) => scan(path, files.readFile(path) ?? ""));
  const folders = new Map(
    scans.flatMap(({ path, service }) => (service === undefined ? [] : [[folderOf(path), service]])),
  );
  const homeless = scans.filter(
    ({ path, endpoints }) => endpoints.length > 0 && folderWith(folders, path) === undefined,
  );
  for (const folder of outermost(homeless.map(({ path }) => folderOf(path)))) folders.set(folder, implied(folder));
  const services = new Map<string, Map<string, DeclaredEndpoint>>();
  for (const { path, endpoints } of scans) {
    const folder = folderWith(folders, path);
    if (folder === undefined) continue;
    const name = folders.get(folder) ?? "";
    const known = services.get(name) ?? new Map<string, DeclaredEndpoint>();
    services.set(name, known);
    for (const { name, exportName, kind } of endpoints) known.set(name, { file: path, exportName, kind });
  }
  const handlers = scans.flatMap(({ path, authHandlers }) =>
    authHandlers.map((exportName) => ({ file: path, exportName })),
  );
  return {
    services: [...services]
      .map(([name, endpoints]) => ({
        name,
        endpoints: new Map([...endpoints].sort(([left], [right]) => compareText(left, right))),
      }))
      .sort((left, right) => compareText(left.name, right.name)),
    authHandler: handlers[0],
    sdk: sources.some((path) => /["']encore-host\//.test(files.readFile(path) ?? "")) ? "encore-host" : "encore.dev",
  };
}

interface Scan {
  readonly path: string;
  /** The service's name, where this is its file. */
  readonly service: string | undefined;
  readonly endpoints: readonly { readonly name: string; readonly exportName: string; readonly kind: DeclaredKind }[];
  readonly authHandlers: readonly string[];
}

function scan(path: string, text: string): Scan {
  const endpoints: Scan["endpoints"][number][] = [];
  const authHandlers: string[] = [];
  let service: string | undefined;
  if (/\b(encore\.dev|encore-host)\b/.test(text)) {
    const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest);
    const names = importedNames(file);
    for (const { exportName, variable, value } of exportedValues(file)) {
      const made = sdkNameOf(calleeOf(value), names);
      const kind = kinds.get(made ?? "");
      if (kind !== undefined) {
        endpoints.push({ name: exportName === "default" ? (variable ?? exportName) : exportName, exportName, kind });
      } else if (made === "authHandler") authHandlers.push(exportName);
      else if (made === "Service" && isServiceFile(path)) service = firstText(value) ?? service;
    }
  }
  return { path, service, endpoints, authHandlers };
}

/** What the file calls the SDK's functions: local name → the SDK's. */
function importedNames(file: ts.SourceFile): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const statement of file.statements) {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) continue;
    const bindings = statement.importClause?.namedBindings;
    if (!sdkModule.test(statement.moduleSpecifier.text) || bindings === undefined) continue;
    if (ts.isNamespaceImport(bindings)) {
      for (const name of ["api", "authHandler", "Service"]) names.set(`${bindings.name.text}.${name}`, name);
    } else {
      for (const { name, propertyName } of bindings.elements) names.set(name.text, (propertyName ?? name).text);
    }
  }
  return names;
}

interface ExportedValue {
  readonly exportName: string;
  readonly variable: string | undefined;
  readonly value: ts.Expression;
}

function exportedValues(file: ts.SourceFile): readonly ExportedValue[] {
  const variables = new Map<string, ts.Expression>();
  const exported: ExportedValue[] = [];
  for (const statement of file.statements) {
    if (ts.isVariableStatement(statement)) {
      const isExported = statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true;
      for (const { name, initializer } of statement.declarationList.declarations) {
        if (!ts.isIdentifier(name) || initializer === undefined) continue;
        variables.set(name.text, initializer);
        if (isExported) exported.push({ exportName: name.text, variable: name.text, value: initializer });
      }
    }
  }
  for (const statement of file.statements) {
    if (ts.isExportAssignment(statement)) {
      const value = unwrapExpression(statement.expression);
      const variable = ts.isIdentifier(value) ? value.text : undefined;
      exported.push({ exportName: "default", variable, value: variables.get(variable ?? "") ?? value });
    } else if (ts.isExportDeclaration(statement) && statement.moduleSpecifier === undefined) {
      const clause = statement.exportClause;
      if (clause === undefined || !ts.isNamedExports(clause)) continue;
      for (const { name, propertyName } of clause.elements) {
        const value = variables.get((propertyName ?? name).text);
        if (value !== undefined) exported.push({ exportName: name.text, variable: (propertyName ?? name).text, value });
      }
    }
  }
  return exported;
}

/** What the SDK calls a callee: "api", "api.streamIn"; undefined for what isn't the SDK's. */
function sdkNameOf(callee: string, names: ReadonlyMap<string, string>): string | undefined {
  const known = names.get(callee);
  if (known !== undefined) return known;
  const dot = callee.lastIndexOf(".");
  const owner = names.get(callee.slice(0, Math.max(dot, 0)));
  return owner === undefined ? undefined : owner + callee.slice(dot);
}

/** The name of what a call or `new` makes something with: "api", "encore.api.streamIn"; "" for anything else. */
function calleeOf(value: ts.Expression): string {
  const call = unwrapExpression(value);
  if (!ts.isCallExpression(call) && !ts.isNewExpression(call)) return "";
  return nameOf(call.expression);
}

function nameOf(expression: ts.Expression): string {
  const named = unwrapExpression(expression);
  if (ts.isIdentifier(named)) return named.text;
  if (!ts.isPropertyAccessExpression(named)) return "";
  const owner = nameOf(named.expression);
  return owner === "" ? "" : `${owner}.${named.name.text}`;
}

function firstText(value: ts.Expression): string | undefined {
  const made = unwrapExpression(value);
  const [first] = ts.isNewExpression(made) ? (made.arguments ?? []) : [];
  return first !== undefined && ts.isStringLiteralLike(first) ? first.text : undefined;
}

function folderWith(folders: ReadonlyMap<string, string>, path: string): string | undefined {
  for (let folder = folderOf(path); ; folder = folderOf(folder)) {
    if (folders.has(folder)) return folder;
    if (folder === folderOf(folder)) return undefined;
  }
}

function outermost(folders: readonly string[]): readonly string[] {
  const all = [...new Set(folders)];
  return all.filter((folder) => !all.some((other) => other !== folder && isWithin(other, folder)));
}
