import ts from "typescript";
import type { CheckedProgram } from "./program.ts";

/**
 * Names for types that have none, from the aliases that stand for them.
 *
 * The checker notes an alias on a type that the alias makes. `type User = z.infer<typeof user>` makes none: it refers to
 * one that is there already, and says all the same what the application calls it.
 */
export class AliasNames {
  readonly #checked: CheckedProgram;
  readonly #files: readonly ts.SourceFile[];
  readonly #summary: string[] = [];
  #aliases: Map<ts.Type, ts.Symbol> | undefined;

  /** @param files those whose aliases count, wherever they are used: declared there, or imported from a package */
  constructor(checked: CheckedProgram, files: readonly ts.SourceFile[]) {
    this.#checked = checked;
    this.#files = files;
  }

  /** The first alias of a type, in the order of files and lines. */
  of(type: ts.Type): ts.Symbol | undefined {
    return isNameable(type) ? this.#read().get(type) : undefined;
  }

  /** Every alias that counts, with what it refers to. */
  summary(): string {
    this.#read();
    return this.#summary.join("\n");
  }

  #read(): ReadonlyMap<ts.Type, ts.Symbol> {
    if (this.#aliases !== undefined) return this.#aliases;
    this.#aliases = new Map<ts.Type, ts.Symbol>();
    const { changes } = this.#checked;
    for (const file of this.#files) {
      const declarations =
        (changes.isUnchanged(file) ? countedBefore.get(file) : undefined) ?? this.#declarations(file);
      // Most aliases have their types note them: of a file that is known, only those that don't have to be resolved.
      const counted = declarations.filter((declaration) => this.#add(declaration));
      countedBefore.set(file, counted);
    }
    return this.#aliases;
  }

  #declarations(file: ts.SourceFile): readonly ts.TypeAliasDeclaration[] {
    const found: ts.TypeAliasDeclaration[] = [];
    const visit = (node: ts.Node): void => {
      if (mayHoldAliases(node)) ts.forEachChild(node, visit);
      const declaration = ts.isImportSpecifier(node) ? this.#imported(node) : node;
      if (declaration === undefined || !ts.isTypeAliasDeclaration(declaration)) return;
      if (declaration.typeParameters === undefined && refers(declaration.type)) found.push(declaration);
    };
    ts.forEachChild(file, visit);
    return found;
  }

  /** The alias that an import brings from a package's declarations. */
  #imported(specifier: ts.ImportSpecifier): ts.TypeAliasDeclaration | undefined {
    const { checker } = this.#checked;
    const symbol = checker.getSymbolAtLocation(specifier.name);
    if (symbol === undefined || (symbol.flags & ts.SymbolFlags.Alias) === 0) return undefined;
    const declaration = checker.getAliasedSymbol(symbol).declarations?.find(ts.isTypeAliasDeclaration);
    return declaration?.getSourceFile().isDeclarationFile === true ? declaration : undefined;
  }

  /** Takes an alias in; false for one that has nothing to add, because the type has a name or can't have one. */
  #add(declaration: ts.TypeAliasDeclaration): boolean {
    const { checker } = this.#checked;
    const symbol = checker.getSymbolAtLocation(declaration.name);
    const type = checker.getTypeFromTypeNode(declaration.type);
    if (symbol === undefined || !isNameable(type) || type.aliasSymbol === symbol) return false;
    if (this.#aliases?.has(type) === false) this.#aliases.set(type, symbol);
    this.#summary.push(`${declaration.getSourceFile().fileName} ${symbol.name} ${declaration.type.getText()}`);
    return true;
  }
}

/** The aliases that counted in a file as it is. */
const countedBefore = new WeakMap<ts.SourceFile, readonly ts.TypeAliasDeclaration[]>();

function mayHoldAliases(node: ts.Node): boolean {
  return (
    ts.isModuleDeclaration(node) ||
    ts.isModuleBlock(node) ||
    ts.isImportDeclaration(node) ||
    ts.isImportClause(node) ||
    ts.isNamedImports(node)
  );
}

/** Whether a type is told from others by more than what it says: the checker has only one union of the same literals. */
function isNameable(type: ts.Type): boolean {
  if (type.isUnion()) return type.types.some((member) => (member.flags & structured) !== 0);
  return (type.flags & structured) !== 0;
}

const structured = ts.TypeFlags.Object | ts.TypeFlags.Intersection;

/** Whether a declared type refers to another, rather than make one. */
function refers(node: ts.TypeNode): boolean {
  if (ts.isParenthesizedTypeNode(node)) return refers(node.type);
  return (
    ts.isTypeReferenceNode(node) ||
    ts.isIndexedAccessTypeNode(node) ||
    ts.isTypeQueryNode(node) ||
    ts.isImportTypeNode(node)
  );
}
