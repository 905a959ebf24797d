import ts from "typescript";
import type { Span } from "../isolate/protocol.ts";
import { unwrapExpression } from "./expressions.ts";
import { type NodeHandle, type TypeHandle, wrapNode, wrapType } from "./handles.ts";
import type { CheckedProgram } from "./program.ts";
import type { SdkSymbols } from "./sdk-symbols.ts";
import { membersOf } from "./type-queries.ts";

/** A statement written as a tagged template. */
export interface SqlTemplate {
  /** With $1, $2, … for what is inserted. */
  readonly text: string;
  readonly parameters: number;
  readonly span: Span;
  /** Where each piece of text begins, one more than there are parameters. */
  readonly parts: readonly Span[];
  /** What is inserted, in order. */
  readonly inserted: readonly { readonly span: Span; readonly type: TypeHandle }[];
  /** What its rows are declared to be; undefined for a statement without rows. */
  readonly row: TypeHandle | undefined;
  /** The expression that made the database it runs on; undefined where that can't be followed. */
  readonly database: NodeHandle | undefined;
}

const module = "storage/sqldb";
const executors = new Set(["SQLDatabase", "Transaction", "Connection"]);
const tags = new Set(["query", "queryAll", "queryRow", "exec"]);
/** What a database's transactions and connections come from. */
const origins = new Set(["begin", "acquire"]);
const maximumDepth = 8;

/** Finds the statements of an application, in the order of files and places. */
export function findSqlTemplates(checked: CheckedProgram, sdk: SdkSymbols): SqlTemplate[] {
  if (![...checked.host.resolver.sdkModules.values()].includes(module)) return [];
  const scan = new TemplateScan(checked, sdk);
  for (const file of checked.sources) scan.visit(file, file);
  return scan.templates;
}

class TemplateScan {
  readonly templates: SqlTemplate[] = [];
  readonly #checked: CheckedProgram;
  readonly #sdk: SdkSymbols;

  constructor(checked: CheckedProgram, sdk: SdkSymbols) {
    this.#checked = checked;
    this.#sdk = sdk;
  }

  visit(node: ts.Node, file: ts.SourceFile): void {
    if (ts.isTaggedTemplateExpression(node)) this.#read(node, file);
    ts.forEachChild(node, (child) => {
      this.visit(child, file);
    });
  }

  #read(node: ts.TaggedTemplateExpression, file: ts.SourceFile): void {
    const { tag, template } = node;
    if (!ts.isPropertyAccessExpression(tag) || !tags.has(tag.name.text) || !this.#isExecutor(tag.expression)) return;
    const pieces = ts.isNoSubstitutionTemplateLiteral(template)
      ? [template]
      : [template.head, ...template.templateSpans.map((span) => span.literal)];
    const values = ts.isTemplateExpression(template) ? template.templateSpans.map(({ expression }) => expression) : [];
    const { positions, checker } = this.#checked;
    this.templates.push({
      text: pieces.map((piece, index) => (index === 0 ? piece.text : `$${index}${piece.text}`)).join(""),
      parameters: pieces.length - 1,
      span: positions.spanOfNode(node),
      // Behind the ` or the } that a piece begins with.
      parts: pieces.map((piece) => positions.spanOfRange(file, piece.getStart(file) + 1, piece.getEnd())),
      inserted: values.map((value) => ({
        span: positions.spanOfNode(value),
        type: wrapType(checker.getTypeAtLocation(value)),
      })),
      row: this.#rowOf(node),
      database: this.#databaseOf(tag.expression, 0),
    });
  }

  /** `T` of the `AsyncGenerator<T>`, `Promise<T[]>` or `Promise<T | null>` that the call gives, be it written or inferred. */
  #rowOf(node: ts.TaggedTemplateExpression): TypeHandle | undefined {
    const { checker } = this.#checked;
    const result = checker.getTypeAtLocation(node);
    const [given] = isReference(result) ? checker.getTypeArguments(result) : [];
    if (given === undefined) return undefined;
    const list = checker.isArrayType(given) ? checker.getTypeArguments(given as ts.TypeReference)[0] : undefined;
    const [row, ...others] = list === undefined ? membersOf(given).filter(isPresent) : [list];
    if (row === undefined || others.length > 0 || (row.flags & ts.TypeFlags.Object) === 0) return undefined;
    return wrapType(row);
  }

  #isExecutor(expression: ts.Expression): boolean {
    const name = this.#sdk.nameOf(this.#checked.checker.getTypeAtLocation(expression).symbol);
    return name?.module === module && executors.has(name.name);
  }

  /** The `new SQLDatabase(…)` or `SQLDatabase.named(…)` behind an expression, through constants, transactions and connections. */
  #databaseOf(expression: ts.Expression, depth: number): NodeHandle | undefined {
    const node = unwrapExpression(expression);
    if (depth > maximumDepth) return undefined;
    if (ts.isAwaitExpression(node)) return this.#databaseOf(node.expression, depth + 1);
    if (ts.isNewExpression(node)) return this.#nameIs(node.expression, "SQLDatabase") ? wrapNode(node) : undefined;
    if (ts.isCallExpression(node)) {
      if (this.#nameIs(node.expression, "SQLDatabase.named")) return wrapNode(node);
      const from = node.expression;
      const isOrigin = ts.isPropertyAccessExpression(from) && origins.has(from.name.text);
      return isOrigin ? this.#databaseOf(from.expression, depth + 1) : undefined;
    }
    const initializer =
      ts.isIdentifier(node) || ts.isPropertyAccessExpression(node) ? this.#initializerOf(node) : undefined;
    return initializer === undefined ? undefined : this.#databaseOf(initializer, depth + 1);
  }

  #nameIs(expression: ts.Expression, name: string): boolean {
    const found = this.#sdk.nameOfExpression(expression);
    return found?.module === module && found.name === name;
  }

  #initializerOf(node: ts.Identifier | ts.PropertyAccessExpression): ts.Expression | undefined {
    const symbol = this.#checked.checker.getSymbolAtLocation(node);
    const declaration = symbol === undefined ? undefined : this.#sdk.resolve(symbol).valueDeclaration;
    if (declaration === undefined) return undefined;
    return ts.isVariableDeclaration(declaration) || ts.isPropertyDeclaration(declaration)
      ? declaration.initializer
      : undefined;
  }
}

function isReference(type: ts.Type): type is ts.TypeReference {
  return (
    (type.flags & ts.TypeFlags.Object) !== 0 && ((type as ts.ObjectType).objectFlags & ts.ObjectFlags.Reference) !== 0
  );
}

function isPresent(type: ts.Type): boolean {
  return (type.flags & ts.TypeFlags.Null) === 0;
}
