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
