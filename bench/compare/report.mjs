// @ts-check
import { scenarios } from "./scenarios.mjs";

/** @typedef {import("./options.mjs").ContestantName} ContestantName */
/** @typedef {import("./summary.mjs").Row} Row */

/**
 * @typedef {object} Report
 * @property {import("./machine.mjs").Machine} machine
 * @property {Record<string, string>} versions
 * @property {import("./options.mjs").Options} options
 * @property {readonly Row[]} rows
 * @property {readonly import("./summary.mjs").StartRow[]} starts
 * @property {readonly import("./gates.mjs").Gate[]} gates
 */

/** From here on wrk had no CPU left: the server could have answered more. */
const clientSaturated = 0.95;

/** Runnable processes that a quiet machine does not show. */
const quietLoad = 0.5;

const codes = { bold: 1, red: 31, green: 32, yellow: 33 };

/**
 * @param {Report} report
 * @param {(contestant: ContestantName) => string} title
 * @param {boolean} colour
 * @returns {string}
 */
export function render({ machine, versions, options, rows, starts, gates }, title, colour) {
  const paint = (/** @type {keyof typeof codes} */ code, /** @type {string} */ text) =>
    colour ? `\u001b[${codes[code]}m${text}\u001b[0m` : text;

  const lines = [
    `${machine.processor}, ${machine.processors} processors, ${machine.memoryGiB} GiB, Linux ${machine.kernel}`,
    Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(", "),
    `${options.connections} connections, ${options.rounds} × ${options.seconds} s after ${options.warmup} s of warm-up, medians`,
  ];
  if (machine.load > quietLoad) {
    lines.push(paint("yellow", `the machine was not idle (load ${machine.load.toFixed(2)}): figures will vary`));
  }
  if (options.quick) {
    lines.push(paint("yellow", "smoke run: the figures mean nothing"));
  }

  for (const { name, method, target } of scenarios) {
    const part = rows.filter(({ scenario }) => scenario === name);
    if (part.length > 0) {
      lines.push("", paint("bold", `${name}: ${method} ${target.split("?", 1)[0]}`), ...loadTable(part, title));
    }
  }
  if (rows.some(({ clientBusy }) => clientBusy >= clientSaturated)) {
    lines.push("", "* wrk's thread was saturated: compare CPU per request rather than requests per second");
  }
  if (starts.length > 0) {
    lines.push("", paint("bold", `start: median of ${options.starts}`));
    const body = starts.map(({ contestant, milliseconds, residentBytes }) => [
      title(contestant),
      milliseconds.toFixed(0),
      mebibytes(residentBytes),
    ]);
    lines.push(...table(["", "first answer ms", "idle RSS MiB"], body));
  }

  lines.push("", paint("bold", "must reach"));
  const results = {
    pass: paint("green", "pass"),
    fail: paint("red", "FAIL"),
    "not measured": paint("yellow", "not measured"),
  };
  const body = gates.map((gate) => [gate.title, gate.required, gate.actual, results[gate.result]]);
  lines.push(...table(["", "required", "actual", ""], body));
  return lines.join("\n");
}

/**
 * @param {readonly Row[]} rows
 * @param {(contestant: ContestantName) => string} title
 */
function loadTable(rows, title) {
  const ours = rows.find(({ contestant }) => contestant === "ours");
  const header = [
    "",
    "req/s",
    "to ours",
    "p50 ms",
    "p99 ms",
    "CPU µs/req",
    "busiest thread µs/req",
    "RSS MiB",
    "errors",
  ];
  return table(
    header,
    rows.map((row) => [
      title(row.contestant),
      Math.round(row.requestsPerSecond).toLocaleString("en") + (row.clientBusy >= clientSaturated ? "*" : " "),
      ours === undefined ? "" : `${(row.requestsPerSecond / ours.requestsPerSecond).toFixed(2)} ×`,
      row.p50.toFixed(2),
      row.p99.toFixed(2),
      row.cpu.toFixed(1),
      `${row.busiest.microseconds.toFixed(2)} (${row.busiest.name})`,
      `${mebibytes(row.residentBytesBefore)} → ${mebibytes(row.residentBytesAfter)}`,
      String(row.errors),
    ]),
  );
}

/** @param {number} bytes */
function mebibytes(bytes) {
  return (bytes / 2 ** 20).toFixed(0);
}

/**
 * Aligns cells: the first column to the left, the others to the right. Colours are only in last cells, which need no
 * padding on their right and are measured without them.
 * @param {readonly string[]} header
 * @param {readonly (readonly string[])[]} body
 * @returns {string[]}
 */
export function table(header, body) {
  const rows = [header, ...body];
  const length = (/** @type {string} */ text) => [...text.replace(/\u001b\[\d+m/g, "")].length;
  const widths = header.map((_, column) => Math.max(...rows.map((row) => length(row[column] ?? ""))));
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const space = " ".repeat((widths[column] ?? 0) - length(cell));
        return column === 0 ? cell + space : space + cell;
      })
      .join("  ")
      .trimEnd(),
  );
}
