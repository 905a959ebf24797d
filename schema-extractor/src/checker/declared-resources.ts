import ts from "typescript";
import { outermostExpression, unwrapExpression } from "./expressions.ts";
import { type NodeHandle, wrapNode } from "./handles.ts";
import type { CheckedProgram } from "./program.ts";
import type { SdkName, SdkSymbols } from "./sdk-symbols.ts";

/** A place where the application calls, or constructs, something of the SDK. */
export interface SdkUse {
  readonly sdk: SdkName;
  /** The call or `new` expression. */
  readonly node: NodeHandle;
  readonly arguments: readonly NodeHandle[];
  /** The absolute path of its file. */
  readonly file: string;
  /** The names under which its module exports the result; empty where it doesn't. */
  readonly exports: readonly string[];
  /** The variable that holds the result. */
  readonly variable: string | undefined;
  /** Whether it stands in a function, so that it may run any number of times. */
  readonly nested: boolean;
  /** The comment of its declaration. */
  readonly doc: string;
}

/** Finds every use of the SDK in the application's sources, in the order of files and lines. */
export function findSdkUses(checked: CheckedProgram, sdk: SdkSymbols): SdkUse[] {
  if (sdk.isEmpty) return [];
  return checked.sources.flatMap((file) => {
    const known = checked.changes.isUnchanged(file) ? checked.kept.get(file) : undefined;
    const uses = known ?? new FileScan(checked, sdk, file).run();
    checked.kept.set(file, uses);
    return uses;
  });
}

class FileScan {
  readonly #checked: CheckedProgram;
  readonly #sdk: SdkSymbols;
  readonly #file: ts.SourceFile;
  readonly #uses: SdkUse[] = [];
  #exports: Map<ts.Node, string[]> | undefined;

  constructor(checked: CheckedProgram, sdk: SdkSymbols, file: ts.SourceFile) {
    this.#checked = checked;
    this.#sdk = sdk;
    this.#file = file;
  }

  run(): SdkUse[] {
    this.#visit(this.#file, false);
    return this.#uses;
  }

  #visit(node: ts.Node, nested: boolean): void {
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
      const name = this.#sdk.nameOfExpression(node.expression);
      if (name !== undefined) this.#uses.push(this.#describe(node, name, nested));
    }
    const within = nested || ts.isFunctionLike(node);
    ts.forEachChild(node, (child) => {
      this.#visit(child, within);
    });
  }

  #describe(node: ts.CallExpression | ts.NewExpression, sdk: SdkName, nested: boolean): SdkUse {
    this.#exports ??= this.#readExports();
    const outer = outermostExpression(node);
    const declaration =
      ts.isVariableDeclaration(outer.parent) && outer.parent.initializer === outer ? outer.parent : undefined;
    const documented = declaration?.parent.parent ?? outer.parent;
    return {
      sdk,
      node: wrapNode(node),
      arguments: (node.arguments ?? []).map(wrapNode),
      file: this.#file.fileName,
      exports: this.#exports.get(node) ?? [],
      variable: declaration !== undefined && ts.isIdentifier(declaration.name) ? declaration.name.text : undefined,
      nested,
      doc: docOf(documented),
    };
  }

  /** The module's exports by the expression whose value they are. */
  #readExports(): Map<ts.Node, string[]> {
    const exports = new Map<ts.Node, string[]>();
    const { checker } = this.#checked;
    const module = checker.getSymbolAtLocation(this.#file);
    if (module === undefined) return exports;
    for (const symbol of checker.getExportsOfModule(module)) {
      const resolved = this.#sdk.resolve(symbol);
      const declaration = resolved.valueDeclaration ?? resolved.declarations?.[0];
      if (declaration?.getSourceFile() !== this.#file) continue;
      const value = valueOf(declaration);
      if (value === undefined) continue;
      exports.set(value, [...(exports.get(value) ?? []), symbol.name]);
    }
    return exports;
  }
}

/** The expression a declaration takes its value from. */
function valueOf(declaration: ts.Declaration): ts.Expression | undefined {
  if (ts.isVariableDeclaration(declaration) || ts.isPropertyAssignment(declaration)) {
    return declaration.initializer === undefined ? undefined : unwrapExpression(declaration.initializer);
  }
  if (ts.isExportAssignment(declaration)) return unwrapExpression(declaration.expression);
  // CommonJS: `exports.get = api(…)`, declared by the assignment or by its left side.
  const assignment = ts.isBinaryExpression(declaration) ? declaration : declaration.parent;
  return ts.isBinaryExpression(assignment) ? unwrapExpression(assignment.right) : undefined;
}

function docOf(node: ts.Node): string {
  const comment = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc).at(-1)?.comment;
  return (ts.getTextOfJSDocComment(comment) ?? "").trim();
}
