import ts from "typescript";

/**
 * Names for types that have none, from the aliases that stand for them.
 *
 * The checker notes an alias on a type that the alias makes. `type User = z.infer<typeof user>` makes none: it refers to
 * one that is there already, and says all the same what the application calls it.
 */
export class AliasNames {
  readonly #checker: ts.TypeChecker;
  readonly #files: readonly ts.SourceFile[];
  #aliases: Map<ts.Type, ts.Symbol> | undefined;

  /** @param files those whose aliases count, wherever they are used */
  constructor(checker: ts.TypeChecker, files: readonly ts.SourceFile[]) {
    this.#checker = checker;
    this.#files = files;
  }

  /** The first alias of a type, in the order of files and lines. @param node the type as written where it is used */
  of(type: ts.Type, node: ts.Node | undefined): ts.Symbol | undefined {
    if (!isNameable(type)) return undefined;
    this.#aliases ??= this.#readFiles();
    if (node !== undefined) this.#readReference(node);
    return this.#aliases.get(type);
  }

  #readFiles(): Map<ts.Type, ts.Symbol> {
    const aliases = new Map<ts.Type, ts.Symbol>();
    const visit = (node: ts.Node): void => {
      if (ts.isTypeAliasDeclaration(node)) this.#add(node, aliases);
      else if (ts.isModuleDeclaration(node) || ts.isModuleBlock(node)) ts.forEachChild(node, visit);
    };
    for (const file of this.#files) ts.forEachChild(file, visit);
    return aliases;
  }

  /** An alias of a package's declarations counts once a type is written with it. */
  #readReference(node: ts.Node): void {
    if (ts.isParenthesizedTypeNode(node)) {
      this.#readReference(node.type);
      return;
    }
    if (!ts.isTypeReferenceNode(node) || node.typeArguments !== undefined || this.#aliases === undefined) return;
    const symbol = this.#checker.getSymbolAtLocation(node.typeName);
    const isImport = symbol !== undefined && (symbol.flags & ts.SymbolFlags.Alias) !== 0;
    const target = isImport ? this.#checker.getAliasedSymbol(symbol) : symbol;
    const declaration = target?.declarations?.find(ts.isTypeAliasDeclaration);
    if (declaration !== undefined) this.#add(declaration, this.#aliases);
  }

  #add(declaration: ts.TypeAliasDeclaration, aliases: Map<ts.Type, ts.Symbol>): void {
    if (declaration.typeParameters !== undefined || !refers(declaration.type)) return;
    const symbol = this.#checker.getSymbolAtLocation(declaration.name);
    const type = this.#checker.getTypeFromTypeNode(declaration.type);
    if (symbol !== undefined && isNameable(type) && !aliases.has(type)) aliases.set(type, symbol);
  }
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
