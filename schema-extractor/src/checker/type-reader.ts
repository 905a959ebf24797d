import ts from "typescript";
import { BrandReader } from "./brands.ts";
import { isErrorType, originOf, unionOf } from "./compiler-internals.ts";
import { type NodeHandle, type TypeHandle, unwrapNode, unwrapType, wrapNode, wrapSymbol, wrapType } from "./handles.ts";
import { DocTagReader } from "./doc-tags.ts";
import type { CheckedProgram } from "./program.ts";
import { orderedProperties } from "./property-order.ts";
import type { SdkSymbols } from "./sdk-symbols.ts";
import { numericKeyPattern, templatePattern } from "./template-pattern.ts";
import { TypeNames } from "./type-names.ts";
import { TypeOrder } from "./type-order.ts";
import { declaredTypeNode, isHiddenName, membersOf, propertyName, sameMembers, undefinedLike } from "./type-queries.ts";
import type { Brand, IndexView, ObjectView, PropertyView, TagView, TypeIdentity, TypeView } from "./type-view.ts";

/** Looks at the checker's types, one level at a time. */
export class TypeReader {
  readonly #checker: ts.TypeChecker;
  readonly #checked: CheckedProgram;
  readonly #sdk: SdkSymbols;
  readonly #brands: BrandReader;
  readonly #order: TypeOrder;
  readonly #names: TypeNames;
  readonly #tags: DocTagReader;

  constructor(checked: CheckedProgram, sdk: SdkSymbols) {
    this.#checked = checked;
    this.#checker = checked.checker;
    this.#sdk = sdk;
    this.#brands = new BrandReader(this.#checker);
    this.#order = new TypeOrder(this.#checker, checked.positions);
    this.#names = new TypeNames(checked, this.#order);
    this.#tags = new DocTagReader(checked, sdk, this.#names);
  }

  /** What a type is. @param node the type as written where it is used, if known: it gives a union its order */
  view(handle: TypeHandle, node?: NodeHandle): TypeView {
    const type = unwrapType(handle);
    if (isErrorType(type)) return { kind: "error" };
    if ((type.flags & ts.TypeFlags.Substitution) !== 0)
      return this.view(wrapType((type as ts.SubstitutionType).baseType));
    const simple = this.#primitive(type);
    if (simple !== undefined) return simple;
    if (type.isUnion()) {
      const written = node === undefined ? undefined : (unwrapNode(node) as ts.TypeNode);
      return { kind: "union", members: this.#order.sort(type, written).map(wrapType) };
    }
    if (type.isIntersection()) return this.#intersection(type, node);
    if ((type.flags & ts.TypeFlags.TemplateLiteral) !== 0) {
      const pattern = templatePattern(type as ts.TemplateLiteralType);
      return pattern === undefined ? { kind: "unresolved" } : { kind: "template", pattern };
    }
    if ((type.flags & ts.TypeFlags.StringMapping) !== 0) return { kind: "primitive", primitive: "string" };
    if ((type.flags & ts.TypeFlags.Object) === 0) return { kind: "unresolved" };
    const brand = this.#brands.read(type);
    // Nothing but a rule: any value, or any that the rule is for.
    if (brand !== undefined) return { kind: "branded", base: { kind: "primitive", primitive: "any" }, brands: [brand] };
    return this.#object(type, node);
  }

  /** How a type is called. */
  identify(handle: TypeHandle): TypeIdentity {
    return this.#names.identify(unwrapType(handle));
  }

  /** A type as a person would write it, for messages. */
  describe(handle: TypeHandle): string {
    return this.#checker.typeToString(
      unwrapType(handle),
      undefined,
      ts.TypeFormatFlags.UseAliasDefinedOutsideCurrentScope,
    );
  }

  /** The type without `undefined`, by the name it has without; undefined where nothing is left. */
  withoutUndefined(handle: TypeHandle, node?: NodeHandle): { type: TypeHandle; optional: boolean } | undefined {
    const type = unwrapType(handle);
    if ((type.flags & undefinedLike) !== 0) return undefined;
    const present = membersOf(type).filter((member) => (member.flags & undefinedLike) === 0);
    if (present.length === membersOf(type).length) return { type: handle, optional: false };
    const [first, ...others] = present;
    if (first === undefined) return undefined;
    if (others.length === 0) return { type: wrapType(first), optional: true };
    const named = this.#namedUnion(type, present, node);
    return { type: wrapType(named ?? unionOf(this.#checker, present)), optional: true };
  }

  /** The tags of the named types that a type is written with. */
  tagsOf(node: NodeHandle, handle: TypeHandle): readonly TagView[] {
    return this.#tags.ofNode(unwrapNode(node), unwrapType(handle));
  }

  /** The first brand of a kind on a type, or on any member of a union. */
  findBrand(handle: TypeHandle, kind: Brand["kind"]): Brand | undefined {
    for (const member of membersOf(unwrapType(handle))) {
      for (const part of member.isIntersection() ? member.types : [member]) {
        const brand = this.#brands.read(part);
        if (brand?.kind === kind) return brand;
      }
    }
    return undefined;
  }

  #primitive(type: ts.Type): TypeView | undefined {
    const { flags } = type;
    if ((flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) !== 0) return { kind: "primitive", primitive: "any" };
    if (type.isStringLiteral() || type.isNumberLiteral()) return { kind: "literal", value: type.value };
    if ((flags & ts.TypeFlags.BooleanLiteral) !== 0) {
      return { kind: "literal", value: this.#checker.typeToString(type) === "true" };
    }
    if ((flags & ts.TypeFlags.BigIntLiteral) !== 0) {
      const { negative, base10Value } = (type as ts.BigIntLiteralType).value;
      return { kind: "literal", value: BigInt(negative ? `-${base10Value}` : base10Value) };
    }
    if ((flags & ts.TypeFlags.String) !== 0) return { kind: "primitive", primitive: "string" };
    if ((flags & (ts.TypeFlags.Number | ts.TypeFlags.Enum)) !== 0) return { kind: "primitive", primitive: "number" };
    if ((flags & ts.TypeFlags.BigInt) !== 0) return { kind: "primitive", primitive: "bigint" };
    if ((flags & ts.TypeFlags.Boolean) !== 0) return { kind: "primitive", primitive: "boolean" };
    if ((flags & ts.TypeFlags.Null) !== 0) return { kind: "primitive", primitive: "null" };
    if ((flags & undefinedLike) !== 0) return { kind: "primitive", primitive: "undefined" };
    if ((flags & ts.TypeFlags.NonPrimitive) !== 0) return { kind: "primitive", primitive: "object" };
    if ((flags & ts.TypeFlags.ESSymbolLike) !== 0) return { kind: "symbol" };
    if ((flags & ts.TypeFlags.Never) !== 0) return { kind: "never" };
    return undefined;
  }

  #intersection(type: ts.IntersectionType, node: NodeHandle | undefined): TypeView {
    const brands: Brand[] = [];
    const rest: ts.Type[] = [];
    for (const part of type.types) {
      const brand = this.#brands.read(part);
      if (brand === undefined) rest.push(part);
      else brands.push(brand);
    }
    const base = this.#constituents(type, rest, node);
    return brands.length === 0 ? base : { kind: "branded", base, brands };
  }

  #constituents(type: ts.IntersectionType, parts: readonly ts.Type[], node: NodeHandle | undefined): TypeView {
    const [only, ...others] = parts;
    if (only === undefined) return { kind: "primitive", primitive: "any" };
    if (others.length === 0) return this.view(wrapType(only), node);
    // A primitive with an object beside it is a primitive at run time: the object is a brand that only the types know.
    const value = parts.find(
      (part) => (part.flags & ts.TypeFlags.Object) === 0 && (part.flags & ts.TypeFlags.Instantiable) === 0,
    );
    if (value !== undefined) return this.view(wrapType(value));
    const library = parts.map((part) => this.view(wrapType(part))).find((part) => part.kind !== "object");
    return library ?? this.#members(type);
  }

  #object(type: ts.Type, node: NodeHandle | undefined): TypeView {
    if (this.#checker.isArrayType(type)) return this.#array(type as ts.TypeReference, node);
    if (this.#checker.isTupleType(type)) {
      return { kind: "tuple", elements: this.#checker.getTypeArguments(type as ts.TypeReference).map(wrapType) };
    }
    const sdk = this.#sdk.nameOf(type.getSymbol());
    if (sdk?.module === "types" && sdk.name === "Decimal") return { kind: "sdk", name: sdk.name };
    const platform = this.#platformName(type);
    if (platform === "Object") return { kind: "primitive", primitive: "object" };
    if (platform !== undefined) {
      return {
        kind: "platform",
        name: platform,
        arguments: this.#checker.getTypeArguments(type as ts.TypeReference).map(wrapType),
      };
    }
    const callable = type.getCallSignatures().length + type.getConstructSignatures().length > 0;
    return callable ? { kind: "function" } : this.#members(type);
  }

  #array(type: ts.TypeReference, node: NodeHandle | undefined): TypeView {
    const [element] = this.#checker.getTypeArguments(type);
    if (element === undefined) return { kind: "unresolved" };
    const written = node === undefined ? undefined : elementNode(unwrapNode(node));
    return {
      kind: "array",
      element: wrapType(element),
      elementNode: written === undefined ? undefined : wrapNode(written),
    };
  }

  /** The name of a class that the language's library or the platform's declarations provide. */
  #platformName(type: ts.Type): string | undefined {
    const symbol = type.getSymbol();
    const declarations = symbol?.declarations ?? [];
    if (symbol === undefined || declarations.length === 0) return undefined;
    if (!declarations.some((declaration) => this.#names.isPlatform(declaration.getSourceFile()))) return undefined;
    const isClass = (symbol.flags & ts.SymbolFlags.Class) !== 0;
    // An interface beside a global value of the same name is how the library declares its classes.
    const isValue = (symbol.flags & ts.SymbolFlags.Interface) !== 0 && (symbol.flags & ts.SymbolFlags.Value) !== 0;
    return isClass || isValue ? symbol.name : undefined;
  }

  #members(type: ts.Type): ObjectView {
    const properties: PropertyView[] = [];
    for (const symbol of orderedProperties(this.#checker, this.#checked.positions, type)) {
      if (isHiddenName(symbol.escapedName) || isNotOwn(symbol)) continue;
      const property = this.#property(symbol);
      if (property !== undefined) properties.push(property);
    }
    const indexes: IndexView[] = this.#checker
      .getIndexInfosOfType(type)
      .filter((index) => (index.keyType.flags & ts.TypeFlags.ESSymbol) === 0)
      .map((index) => ({ key: wrapType(index.keyType), value: wrapType(index.type) }));
    return { kind: "object", properties, indexes };
  }

  /** A property; undefined for one that can only be missing. */
  #property(symbol: ts.Symbol): PropertyView | undefined {
    const declaration = symbol.valueDeclaration ?? symbol.declarations?.[0];
    const node = declaredTypeNode(declaration);
    const written = node === undefined ? undefined : wrapNode(node);
    const optional = (symbol.flags & ts.SymbolFlags.Optional) !== 0;
    const present = this.withoutUndefined(wrapType(this.#checker.getTypeOfSymbol(symbol)), written);
    if (present === undefined) return undefined;
    if (optional && (unwrapType(present.type).flags & ts.TypeFlags.Never) !== 0) return undefined;
    const own = declaration !== undefined && this.#names.isOwn(declaration.getSourceFile());
    return {
      name: propertyName(symbol),
      type: present.type,
      optional: optional || present.optional,
      doc: ts.displayPartsToString(symbol.getDocumentationComment(this.#checker)).trim(),
      span: own ? this.#checked.positions.spanOfNode(ts.getNameOfDeclaration(declaration) ?? declaration) : undefined,
      node: written,
      symbol: wrapSymbol(symbol),
      tags: this.#tags.ofMember(symbol.declarations ?? [], node, unwrapType(present.type)),
    };
  }

  /** The union as it was before `undefined` joined it, which still has its alias. */
  #namedUnion(type: ts.Type, present: readonly ts.Type[], node: NodeHandle | undefined): ts.Type | undefined {
    const candidates = [...(originOf(type)?.types ?? [])];
    if (node !== undefined) {
      const written = unwrapNode(node) as ts.TypeNode;
      candidates.push(this.#checker.getTypeFromTypeNode(written));
      if (ts.isUnionTypeNode(written))
        candidates.push(...written.types.map((part) => this.#checker.getTypeFromTypeNode(part)));
    }
    return candidates.find((candidate) => candidate.isUnion() && sameMembers(candidate.types, present));
  }
}

/** The pattern of a number as a key, for index signatures of numbers. */
export { numericKeyPattern };

/** What an instance has from its class and not itself: methods and accessors; and what its class keeps to itself. */
function isNotOwn(symbol: ts.Symbol): boolean {
  if ((symbol.flags & ts.SymbolFlags.Prototype) !== 0) return true;
  const declaration = symbol.valueDeclaration;
  if (declaration === undefined || !ts.isClassLike(declaration.parent)) {
    return declaration !== undefined && ts.isParameter(declaration) && isPrivate(declaration);
  }
  return ts.isMethodDeclaration(declaration) || ts.isAccessor(declaration) || isPrivate(declaration);
}

function isPrivate(declaration: ts.Declaration): boolean {
  const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;
  return (ts.getCombinedModifierFlags(declaration) & hidden) !== 0;
}

function elementNode(node: ts.Node): ts.TypeNode | undefined {
  if (ts.isParenthesizedTypeNode(node)) return elementNode(node.type);
  if (ts.isTypeOperatorNode(node)) return elementNode(node.type);
  if (ts.isArrayTypeNode(node)) return node.elementType;
  if (ts.isTypeReferenceNode(node) && /^(Readonly)?Array$/.test(node.typeName.getText()))
    return node.typeArguments?.[0];
  return undefined;
}
