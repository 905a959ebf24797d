import type ts from "typescript";

/**
 * What the rest of the extractor holds of the compiler: handles it can pass back, and nothing it can reach into.
 *
 * Only the files in this folder import the compiler, so that another one can take its place.
 */
declare const handle: unique symbol;

/** A type as the checker resolved it. Two equal handles are the same type; the same type may have two handles. */
export interface TypeHandle {
  readonly [handle]: "type";
}

/** A node of a source file. */
export interface NodeHandle {
  readonly [handle]: "node";
}

/** A property as the checker knows it. */
export interface SymbolHandle {
  readonly [handle]: "symbol";
}

export const wrapType = (type: ts.Type): TypeHandle => type as unknown as TypeHandle;
export const unwrapType = (type: TypeHandle): ts.Type => type as unknown as ts.Type;
export const wrapNode = (node: ts.Node): NodeHandle => node as unknown as NodeHandle;
export const unwrapNode = (node: NodeHandle): ts.Node => node as unknown as ts.Node;
export const wrapSymbol = (symbol: ts.Symbol): SymbolHandle => symbol as unknown as SymbolHandle;
export const unwrapSymbol = (symbol: SymbolHandle): ts.Symbol => symbol as unknown as ts.Symbol;
