import { type ColumnKind, type ValueReader, valueReader } from "./kinds.js";

/** A row: its columns by name. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- as the official declarations have it: the database knows the types
export type Row = Record<string, any>;

/** Makes a row of its columns' values as they crossed. */
export type RowMaker = (values: readonly unknown[], bytes: Uint8Array) => Row;

export type Column = readonly [name: string, kind: ColumnKind];

/**
 * Writes the function that makes rows of these columns: an object literal, so that all rows of a statement share one hidden class and none is
 * built property by property. Of two columns with one name, the later counts.
 */
export function rowMaker(columns: readonly Column[]): RowMaker {
  const last = new Map(columns.map(([name], index) => [name, index]));
  const readers: (ValueReader | undefined)[] = columns.map(([, kind]) => valueReader(kind));
  const properties = [...last].map(([name, index]) => {
    // Computed, so that a column called __proto__ is one more property.
    const key = name === "__proto__" ? '["__proto__"]' : JSON.stringify(name);
    const value =
      readers[index] === undefined ? `v[${index}]` : `v[${index}] === null ? null : r[${index}](v[${index}], b)`;
    return `${key}: ${value}`;
  });
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- names are written as JSON strings, and nothing else comes from outside
  const make = new Function("r", `return (v, b) => ({ ${properties.join(", ")} });`) as (
    readers: (ValueReader | undefined)[],
  ) => RowMaker;
  return make(readers);
}
