import ts from "typescript";
import { argumentNodes, arrayView, hasMethods, listView, tupleView } from "./array-views.ts";
import { BrandReader } from "./brands.ts";
import { isErrorType, objectFlagsOf, originOf, unionOf } from "./compiler-internals.ts";
import {
  type FamilyHandle,
  type NodeHandle,
  type TypeHandle,
  unwrapNode,
  unwrapType,
  wrapFamily,
  wrapNode,
  wrapSymbol,
  wrapType,
} from "./handles.ts";
import { DocTagReader } from "./doc-tags.ts";
import { isNotOwn, isPhantom, orderedIndexes, serializedType } from "./object-members.ts";
import type { CheckedProgram } from "./program.ts";
import { orderedProperties } from "./property-order.ts";
import type { SdkSymbols } from "./sdk-symbols.ts";
import { numericKeyPattern, stringMappingPattern, templatePattern } from "./template-pattern.ts";
import { TypeNames } from "./type-names.ts";
import { TypeOrder } from "./type-order.ts";
import { declaredTypeNode, isHiddenName, membersOf, propertyName, sameMembers, undefinedLike } from "./type-queries.ts";
import type { Brand, IndexView, ObjectView, PropertyView, TagView, TypeIdentity, TypeView } from "./type-view.ts";

/** Interfaces of the library that stand for classes, and hide what an object really is. */
const protocols = new Set(
  ["ReadonlySet", "ReadonlyMap", "PromiseLike", "Iterable", "IterableIterator", "IteratorObject", "Generator"].concat([
    "AsyncIterable",
    "AsyncIterator",
    "AsyncIterableIterator",
    "AsyncIteratorObject",
    "AsyncGenerator",
  ]),
);

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
      const members = this.#order.sort(type, written).map(wrapType);
      return { kind: "union", members: members.filter((member) => !this.isNever(member)) };
    }
    if (this.isNever(handle)) return { kind: "never" };
    if (type.isIntersection()) return this.#intersection(type, node);
    if ((type.flags & ts.TypeFlags.TemplateLiteral) !== 0)
      return pattern(templatePattern(type as ts.TemplateLiteralType));
    if ((type.flags & ts.TypeFlags.StringMapping) !== 0)
      return pattern(stringMappingPattern(type as ts.StringMappingType));
    if ((type.flags & ts.TypeFlags.Object) === 0) return { kind: "unresolved" };
    const brand = this.#brands.read(type);
    // Nothing but a rule: any value, or any that the rule is for.
    if (brand !== undefined) return { kind: "branded", base: { kind: "primitive", primitive: "any" }, brands: [brand] };
    return this.#object(type, node);
  }

  /** The aliases that lend their names to types without one: the same text for the same names. */
  aliases(): string {
    return this.#names.aliases();
  }

  /** How a type is called. */
  identify(handle: TypeHandle): TypeIdentity {
    return this.#names.identify(unwrapType(handle));
  }

  /** Whether no value is of the type, be it that an intersection's tags exclude each other. */
  isNever(handle: TypeHandle): boolean {
    const type = unwrapType(handle);
    if ((type.flags & ts.TypeFlags.Never) !== 0) return true;
    return type.isIntersection() && this.#checker.isTypeAssignableTo(type, this.#checker.getNeverType());
  }

  /** What a type shares with other instances of its declaration; undefined for one that is its only instance. */
  familyOf(handle: TypeHandle): FamilyHandle | undefined {
    const type = unwrapType(handle);
    const instance = ts.ObjectFlags.Instantiated | ts.ObjectFlags.Mapped | ts.ObjectFlags.Reference;
    if ((objectFlagsOf(type) & instance) === 0 && type.aliasTypeArguments === undefined) return undefined;
    const isList = this.#checker.isArrayType(type) || this.#checker.isTupleType(type);
    const own = isList || (type.flags & ts.TypeFlags.Object) === 0 ? undefined : type.getSymbol();
    const symbol = own ?? type.aliasSymbol;
    return symbol === undefined ? undefined : wrapFamily(symbol);
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
    // `NoInfer<T>` is T with a note to the checker.
    if ((type.flags & ts.TypeFlags.Substitution) !== 0) {
      return this.withoutUndefined(wrapType((type as ts.SubstitutionType).baseType), node);
    }
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
    const phantoms: ts.Type[] = [];
    for (const part of type.types) {
      const brand = this.#brands.read(part);
      if (brand !== undefined) brands.push(brand);
      else (isPhantom(this.#checker, part) ? phantoms : rest).push(part);
    }
    const base = this.#constituents(type, rest, phantoms, node);
    return brands.length === 0 ? base : { kind: "branded", base, brands };
  }

  #constituents(
    type: ts.IntersectionType,
    parts: readonly ts.Type[],
    phantoms: readonly ts.Type[],
    node: NodeHandle | undefined,
  ): TypeView {
    const [only, ...others] = parts;
    if (only === undefined) return { kind: "primitive", primitive: "any" };
    if (others.length === 0) return this.view(wrapType(only), node);
    // A primitive with an object beside it is a primitive at run time: the object is a brand that only the types know.
    const value = parts.find(
      (part) => (part.flags & ts.TypeFlags.Object) === 0 && (part.flags & ts.TypeFlags.Instantiable) === 0,
    );
    if (value !== undefined) return this.view(wrapType(value));
    const library = parts.map((part) => this.view(wrapType(part))).find((part) => part.kind !== "object");
    return library ?? listView(this.#checker, type) ?? this.#members(type, phantoms);
  }

  #object(type: ts.Type, node: NodeHandle | undefined): TypeView {
    if (this.#checker.isTupleType(type)) return tupleView(this.#checker, type as ts.TupleTypeReference, node);
    const sdk = this.#sdk.nameOf(type.getSymbol());
    if (sdk?.module === "types" && sdk.name === "Decimal") return { kind: "sdk", name: sdk.name };
    const array = arrayView(this.#checker, type, node);
    if (array !== undefined) return array;
    const platform = this.#platform(type, node);
    if (platform !== undefined) return platform;
    const json = serializedType(this.#checker, type);
    // What toJSON() gives is written as it is: a toJSON() of its own isn't asked.
    if (json !== undefined && serializedType(this.#checker, json) !== undefined) {
      const { indexes, properties } = this.#members(json);
      return { kind: "object", indexes, properties: properties.filter(({ name }) => name !== "toJSON") };
    }
    if (json !== undefined) return { kind: "serialized", type: wrapType(json) };
    const callable = type.getCallSignatures().length + type.getConstructSignatures().length > 0;
    return callable ? { kind: "function" } : this.#members(type);
  }

  /** A class of the platform, or of the application with one of those below it. */
  #platform(type: ts.Type, node: NodeHandle | undefined): TypeView | undefined {
    const name = this.#platformName(type);
    if (name === undefined) return this.#platformBase(type) ?? this.#dateLike(type);
    if (name === "Object") return { kind: "primitive", primitive: "object" };
    const json = serializedType(this.#checker, type);
    return {
      kind: "platform",
      name,
      arguments: this.#checker.getTypeArguments(type as ts.TypeReference).map(wrapType),
      argumentNodes: node === undefined ? [] : argumentNodes(unwrapNode(node), name).map(wrapNode),
      json: json === undefined || (json.flags & ts.TypeFlags.Any) !== 0 ? undefined : wrapType(json),
    };
  }

  /** A Date with some of its methods mapped away: what makes types readonly leaves out those that set. */
  #dateLike(type: ts.Type): TypeView | undefined {
    const isDate = hasMethods(this.#checker, type, ["getTime", "toISOString", "getTimezoneOffset"]);
    return isDate ? { kind: "platform", name: "Date", arguments: [], argumentNodes: [], json: undefined } : undefined;
  }

  #platformBase(type: ts.Type): TypeView | undefined {
    const isReference = (objectFlagsOf(type) & ts.ObjectFlags.Reference) !== 0;
    const declared = isReference ? (type as ts.TypeReference).target : type;
    if (!declared.isClassOrInterface()) return undefined;
    for (const base of this.#checker.getBaseTypes(declared)) {
      const view = this.#platform(base, undefined);
      if (view?.kind !== "platform") continue;
      const given = isReference ? this.#checker.getTypeArguments(type as ts.TypeReference) : [];
      const parameters = declared.typeParameters?.map(wrapType) ?? [];
      const instantiate = (argument: TypeHandle): TypeHandle => {
        const known = given[parameters.indexOf(argument)];
        return known === undefined ? argument : wrapType(known);
      };
      return { ...view, arguments: view.arguments.map(instantiate) };
    }
    return undefined;
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
    return isClass || isValue || protocols.has(symbol.name) ? symbol.name : undefined;
  }

  /** @param phantoms constituents whose members only the types know */
  #members(type: ts.Type, phantoms: readonly ts.Type[] = []): ObjectView {
    const properties: PropertyView[] = [];
    const hidden = new Set(phantoms.flatMap((phantom) => phantom.getProperties().map((property) => property.name)));
    for (const symbol of orderedProperties(this.#checker, this.#checked.positions, type)) {
      if (isHiddenName(symbol.escapedName) || isNotOwn(symbol) || hidden.has(symbol.name)) continue;
      const property = this.#property(symbol);
      if (property !== undefined) properties.push(property);
    }
    const indexes = orderedIndexes(this.#checker, this.#checked.positions, type).map((index): IndexView => ({
      key: wrapType(index.keyType),
      value: wrapType(index.type),
    }));
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
    if (optional && this.isNever(present.type)) return undefined;
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

/** A text that follows a pattern; undefined where the pattern waits for a type parameter. */
function pattern(text: string | undefined): TypeView {
  return text === undefined ? { kind: "unresolved" } : { kind: "template", pattern: text };
}
