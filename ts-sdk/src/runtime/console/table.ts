import { inspecting } from "../lazy-modules.js";

const valuesColumn = "Values";

/** Lays rows out as Node's `console.table` does; undefined for what has no rows. */
export function formatTable(data: unknown, columns?: readonly string[]): string | undefined {
  if (typeof data !== "object" || data === null) return undefined;
  const rows = data instanceof Map ? mapRows(data) : data instanceof Set ? setRows(data) : objectRows(data);
  const names: string[] = columns === undefined ? [] : [...columns];
  let hasValues = false;
  for (const { value } of rows) {
    if (!isRow(value)) hasValues = true;
    else if (columns === undefined) for (const name of Object.keys(value)) if (!names.includes(name)) names.push(name);
  }
  const indexName = data instanceof Map || data instanceof Set ? "(iteration index)" : "(index)";
  const heading = [indexName, ...names, ...(hasValues ? [valuesColumn] : [])];
  const lines = rows.map(({ index, value }) => [
    index,
    ...names.map((name) =>
      isRow(value) && Object.hasOwn(value, name) ? show((value as Record<string, unknown>)[name]) : "",
    ),
    ...(hasValues ? [isRow(value) ? "" : show(value)] : []),
  ]);
  return draw(heading, lines);
}

interface Row {
  index: string;
  value: unknown;
}

function objectRows(data: object): Row[] {
  return Object.keys(data).map((index) => ({ index, value: (data as Record<string, unknown>)[index] }));
}

function setRows(data: Set<unknown>): Row[] {
  return [...data].map((value, index) => ({ index: String(index), value }));
}

function mapRows(data: Map<unknown, unknown>): Row[] {
  return [...data].map(([Key, Values], index) => ({ index: String(index), value: { Key, Values } }));
}

function isRow(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function show(value: unknown): string {
  return inspecting().inspect(value, {
    depth: isRow(value) && Object.keys(value).length > 2 ? -1 : 0,
    maxArrayLength: 3,
    breakLength: Infinity,
  });
}

function draw(heading: string[], lines: string[][]): string {
  const widths = heading.map(
    (name, column) => Math.max(name.length, ...lines.map((line) => line[column]?.length ?? 0)) + 2,
  );
  const rule = (left: string, middle: string, right: string) =>
    left + widths.map((width) => "─".repeat(width)).join(middle) + right;
  const row = (cells: string[]) => `│${cells.map((cell, column) => ` ${cell}`.padEnd(widths[column] ?? 0)).join("│")}│`;
  return [rule("┌", "┬", "┐"), row(heading), rule("├", "┼", "┤"), ...lines.map(row), rule("└", "┴", "┘")].join("\n");
}
