import ts from "typescript";

/**
 * What the compiler has but doesn't declare: all of it, in one place, for the day another version moves it.
 */

type MatchFiles = (
  path: string,
  extensions: readonly string[] | undefined,
  excludes: readonly string[] | undefined,
  includes: readonly string[] | undefined,
  caseSensitive: boolean,
  currentDirectory: string,
  depth: number | undefined,
  entries: (path: string) => { readonly files: readonly string[]; readonly directories: readonly string[] },
  realpath: (path: string) => string,
) => string[];

/** The matching of a tsconfig.json's `include` and `exclude`. */
export const { matchFiles } = ts as unknown as { matchFiles: MatchFiles };

/** The syntax errors of a tsconfig.json. */
export function parseDiagnosticsOf(file: ts.JsonSourceFile): readonly ts.Diagnostic[] {
  return (file as unknown as { parseDiagnostics: readonly ts.Diagnostic[] }).parseDiagnostics;
}

/** The union of types that are there already. */
export function unionOf(checker: ts.TypeChecker, types: readonly ts.Type[]): ts.Type {
  return (checker as unknown as { getUnionType(types: readonly ts.Type[]): ts.Type }).getUnionType(types);
}

/** The union that a union was made of, before its parts were taken apart: `Alias | undefined` has its alias there. */
export function originOf(type: ts.Type): ts.UnionType | undefined {
  const { origin } = type as ts.Type & { origin?: ts.Type };
  return origin?.isUnion() === true ? origin : undefined;
}

/** Whether the checker couldn't work a type out, and says so itself. */
export function isErrorType(type: ts.Type): boolean {
  return (
    (type.flags & ts.TypeFlags.Any) !== 0 && (type as ts.Type & { intrinsicName?: string }).intrinsicName === "error"
  );
}

/** Flags of object types; 0 for others. */
export function objectFlagsOf(type: ts.Type): ts.ObjectFlags {
  return (type.flags & ts.TypeFlags.Object) === 0 ? ts.ObjectFlags.None : (type as ts.ObjectType).objectFlags;
}

/** How the checker keeps what type parameters stand for: by its kinds of mapper, in their order. */
type TypeMapper =
  | { readonly kind: 0; readonly source: ts.Type; readonly target: ts.Type }
  | { readonly kind: 1; readonly sources: readonly ts.Type[]; readonly targets?: readonly ts.Type[] }
  | { readonly kind: 2; readonly sources: readonly ts.Type[]; readonly targets: readonly (() => ts.Type)[] }
  | { readonly kind: 3; readonly func: (type: ts.Type) => ts.Type }
  | { readonly kind: 4 | 5; readonly mapper1: TypeMapper; readonly mapper2: TypeMapper };

interface PropertyLinks {
  readonly mapper?: TypeMapper;
  readonly mappedType?: ts.Type & { readonly declaration: ts.MappedTypeNode; readonly mapper?: TypeMapper };
}

/** The type that a mapped type's declaration gives its properties; undefined for a property of another type. */
export function mappedTemplateOf(property: ts.Symbol): ts.TypeNode | undefined {
  return linksOf(property)?.mappedType?.declaration.type;
}

/** What a type parameter stands for where a property belongs to an instance of a generic type; else the parameter. */
export function parameterIn(property: ts.Symbol, parameter: ts.Type): ts.Type {
  const links = linksOf(property);
  const inner = links?.mappedType === undefined ? parameter : mapped(links.mappedType.mapper, parameter);
  return mapped(links?.mapper, inner);
}

function mapped(mapper: TypeMapper | undefined, type: ts.Type): ts.Type {
  if (mapper === undefined || (type.flags & ts.TypeFlags.TypeParameter) === 0) return type;
  switch (mapper.kind) {
    case 0:
      return type === mapper.source ? mapper.target : type;
    case 1:
      return mapper.targets?.[mapper.sources.indexOf(type)] ?? type;
    case 2:
      return mapper.targets[mapper.sources.indexOf(type)]?.() ?? type;
    case 3:
      return mapper.func(type);
    default:
      return mapped(mapper.mapper2, mapped(mapper.mapper1, type));
  }
}

function linksOf(symbol: ts.Symbol): PropertyLinks | undefined {
  return (symbol as ts.Symbol & { links?: PropertyLinks }).links;
}
