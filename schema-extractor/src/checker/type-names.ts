import ts from "typescript";
import { isWithin } from "../files/paths.ts";
import { AliasNames } from "./alias-names.ts";
import { objectFlagsOf } from "./compiler-internals.ts";
import type { CheckedProgram } from "./program.ts";
import { orderedProperties } from "./property-order.ts";
import type { TypeOrder } from "./type-order.ts";
import { namingSymbol, propertyName } from "./type-queries.ts";
import type { TypeIdentity } from "./type-view.ts";

const anonymous: TypeIdentity = { name: "", doc: "", span: undefined };
const maximumDepth = 6;
const maximumMembers = 12;

/** Names types as the application does. */
export class TypeNames {
  readonly #checked: CheckedProgram;
  readonly #order: TypeOrder;
  readonly #own: ReadonlySet<ts.SourceFile>;
  readonly #platform = new Map<ts.SourceFile, boolean>();
  readonly #aliases: AliasNames;

  constructor(checked: CheckedProgram, order: TypeOrder) {
    this.#checked = checked;
    this.#order = order;
    this.#own = new Set(checked.sources);
    const files = checked.program.getSourceFiles().filter((file) => this.isOwn(file) || this.#isDeclaredHere(file));
    this.#aliases = new AliasNames(checked, files);
  }

  /** A type's name, comment and place. Types of the language's library and the SDK count as anonymous. */
  identify(type: ts.Type): TypeIdentity {
    const symbol = this.#symbolOf(type);
    const declaration = symbol?.declarations?.find(isNaming);
    if (symbol === undefined || declaration === undefined) return anonymous;
    const file = declaration.getSourceFile();
    if (this.isPlatform(file) || this.#checked.host.resolver.isSdkFile(file.fileName)) return anonymous;
    return {
      name: this.#nameOf(type, 0),
      doc: ts.displayPartsToString(symbol.getDocumentationComment(this.#checked.checker)).trim(),
      span: this.isOwn(file)
        ? this.#checked.positions.spanOfNode(ts.getNameOfDeclaration(declaration) ?? declaration)
        : undefined,
    };
  }

  /** The aliases that lend their names to types without one. */
  aliases(): string {
    return this.#aliases.summary();
  }

  /** The symbol that names a type: its own, or that of an alias for it. */
  #symbolOf(type: ts.Type): ts.Symbol | undefined {
    const symbol = namingSymbol(type);
    const declaration = symbol?.declarations?.find(isNaming);
    return declaration === undefined || this.#isInternal(type, declaration) ? this.#aliases.of(type) : symbol;
  }

  /** Whether a declaration is a package's own business: a generic alias that only its other types speak of. */
  #isInternal(type: ts.Type, declaration: ts.Declaration): boolean {
    if (!ts.isTypeAliasDeclaration(declaration) || type.aliasTypeArguments === undefined) return false;
    if (!declaration.getSourceFile().isDeclarationFile) return false;
    const isExported = (ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Export) !== 0;
    return !isExported || declaration.name.text.startsWith("_");
  }

  /** Whether a file's declarations are the application's, though they were written by a tool. */
  #isDeclaredHere(file: ts.SourceFile): boolean {
    const { host } = this.#checked;
    return file.isDeclarationFile && host.isOwn(file.fileName) && !host.resolver.isSdkFile(file.fileName);
  }

  /** Whether a file is one of the application's own sources. */
  isOwn(file: ts.SourceFile): boolean {
    return this.#own.has(file);
  }

  /** Whether a file declares what the language or the platform provides. */
  isPlatform(file: ts.SourceFile): boolean {
    let platform = this.#platform.get(file);
    if (platform === undefined) {
      const { program, host } = this.#checked;
      platform =
        program.isSourceFileDefaultLibrary(file) ||
        isWithin(host.getDefaultLibLocation(), file.fileName) ||
        host.isGlobals(file.fileName) ||
        (isAmbient(file) && !host.isOwn(file.fileName));
      this.#platform.set(file, platform);
    }
    return platform;
  }

  /**
   * Names of unions in arguments are put together here: the checker's own text has their members in an order that
   * depends on what was checked before.
   */
  #nameOf(type: ts.Type, depth: number): string {
    const { checker } = this.#checked;
    if (depth > maximumDepth) return "…";
    const own = namingSymbol(type);
    const symbol = own?.declarations?.some(isNaming) === true ? own : this.#aliases.of(type);
    if (symbol !== undefined) {
      const names = (symbol === own ? this.#argumentsOf(type) : []).map((argument) =>
        this.#nameOf(argument, depth + 1),
      );
      if (checker.isArrayType(type) && type.aliasSymbol === undefined) return `${names[0] ?? "unknown"}[]`;
      const name = declaredName(symbol);
      return names.length === 0 ? name : `${name}<${names.join(", ")}>`;
    }
    if (type.isUnion()) {
      const names = this.#order.sort(type, undefined).map((member) => this.#nameOf(member, depth + 1));
      return [...new Set(names)].join(" | ").replace("false | true", "boolean");
    }
    if (type.isIntersection()) return type.types.map((member) => this.#nameOf(member, depth + 1)).join(" & ");
    return this.#describeMembers(type, depth) ?? checker.typeToString(type);
  }

  /** An object without a name, by its members; undefined for what isn't one, or not only. */
  #describeMembers(type: ts.Type, depth: number): string | undefined {
    const { checker, positions } = this.#checked;
    if ((type.flags & ts.TypeFlags.Object) === 0 || checker.isTupleType(type)) return undefined;
    const others = [
      ...type.getCallSignatures(),
      ...type.getConstructSignatures(),
      ...checker.getIndexInfosOfType(type),
    ];
    const properties = others.length > 0 ? [] : orderedProperties(checker, positions, type);
    if (properties.length === 0) return undefined;
    if (properties.length > maximumMembers) return "{ … }";
    const members = properties.map((property) => {
      const optional = (property.flags & ts.SymbolFlags.Optional) !== 0;
      const name = this.#nameOf(checker.getTypeOfSymbol(property), depth + 1);
      return `${propertyName(property)}${optional ? "?" : ""}: ${name}; `;
    });
    return `{ ${members.join("")}}`;
  }

  /** What the type parameters of an alias, or of an interface or class, stand for. */
  #argumentsOf(type: ts.Type): readonly ts.Type[] {
    if (type.aliasSymbol !== undefined) return type.aliasTypeArguments ?? [];
    if ((objectFlagsOf(type) & ts.ObjectFlags.Reference) === 0) return [];
    const reference = type as ts.TypeReference;
    // Beyond the declared parameters comes the class's own `this`.
    return this.#checked.checker.getTypeArguments(reference).slice(0, reference.target.typeParameters?.length ?? 0);
  }
}

/** A symbol's name; that of an `export default interface Post` is "default" to the checker. */
function declaredName(symbol: ts.Symbol): string {
  const declaration = symbol.name === "default" ? symbol.declarations?.find(isNaming) : undefined;
  const name = declaration === undefined ? undefined : ts.getNameOfDeclaration(declaration);
  return name !== undefined && ts.isIdentifier(name) ? name.text : symbol.name;
}

/** Whether a file declares for everyone, without being imported. */
function isAmbient(file: ts.SourceFile): boolean {
  return file.isDeclarationFile && !ts.isExternalModule(file);
}

/** Declarations that give a type its name; literals and functions only lend theirs. */
function isNaming(declaration: ts.Declaration): boolean {
  return (
    ts.isInterfaceDeclaration(declaration) ||
    ts.isTypeAliasDeclaration(declaration) ||
    ts.isClassDeclaration(declaration) ||
    ts.isEnumDeclaration(declaration) ||
    ts.isJSDocTypedefTag(declaration) ||
    ts.isJSDocCallbackTag(declaration)
  );
}
