// @ts-check
import { table } from "../report.mjs";
import { median } from "../statistics.mjs";

/**
 * One run. Processor times are microseconds per message.
 * @typedef {import("./app/driver.d.mts").Figures & { perSecond: number, script: number, cpu: number }} Measurement
 */

/** @typedef {{ broker: string, messages: number, version: string, rows: readonly (Measurement & { title: string })[] }} Part */

/** What ours must reach. */
const leastRatio = 1.5;
const mostScriptShare = 0.5;
/** Messages a second, by broker. @type {Readonly<Record<string, number>>} */
const leastPerSecond = { embedded: 20_000, nats: 30_000, redis: 30_000 };
const mostEmbeddedMilliseconds = 50;

/**
 * Medians; errors and duplicates are added up.
 * @param {readonly Measurement[]} all
 * @returns {Measurement}
 */
export function medians(all) {
  const middle = (/** @type {keyof Measurement} */ name) => median(all.map((one) => one[name]));
  const sum = (/** @type {keyof Measurement} */ name) => all.reduce((total, one) => total + one[name], 0);
  return {
    seconds: middle("seconds"),
    handled: sum("handled"),
    duplicates: sum("duplicates"),
    errors: sum("errors"),
    p50: middle("p50"),
    p99: middle("p99"),
    perSecond: middle("perSecond"),
    script: middle("script"),
    cpu: middle("cpu"),
  };
}

/**
 * @param {readonly Part[]} parts
 * @param {import("../machine.mjs").Machine} machine
 * @param {{ rounds: number, window: number, quick: boolean }} options
 * @returns {{ text: string, passes: boolean }}
 */
export function report(parts, machine, options) {
  const gates = parts.flatMap(gatesOf);
  const lines = [
    `${machine.processor}, ${machine.processors} processors, Node.js ${process.versions.node}, load ${machine.load.toFixed(2)}`,
    `100 bytes a message, ${options.window} published and not handled at a time, ${options.rounds} rounds, medians`,
    ...(options.quick ? ["smoke run: the figures mean nothing"] : []),
    ...parts.flatMap(({ broker, messages, version, rows }) => [
      "",
      `${broker}: ${messages.toLocaleString("en")} messages${version === "" ? "" : ` (${version})`}`,
      ...table(
        ["", "handled/s", "script thread µs", "all threads µs", "p50 ms", "p99 ms", "errors", "twice"],
        rows.map((row) => [
          row.title,
          Math.round(row.perSecond).toLocaleString("en"),
          row.script.toFixed(2),
          row.cpu.toFixed(1),
          row.p50.toFixed(1),
          row.p99.toFixed(1),
          String(row.errors),
          String(row.duplicates),
        ]),
      ),
    ]),
    "",
    "must reach",
    ...table(
      ["", "required", "actual", ""],
      gates.map(({ title, required, actual, passes }) => [title, required, actual, passes ? "pass" : "FAIL"]),
    ),
  ];
  return { text: lines.join("\n"), passes: gates.every(({ passes }) => passes) };
}

/** @param {Part} part */
function gatesOf({ broker, rows: [ours, theirs] }) {
  const gates = [];
  if (ours === undefined) return [];
  gates.push({ title: `${broker}: errors`, required: "none", actual: String(ours.errors), passes: ours.errors === 0 });
  const least = leastPerSecond[broker];
  if (least !== undefined) {
    const actual = `${Math.round(ours.perSecond).toLocaleString("en")}/s`;
    gates.push({
      title: `${broker}: handled`,
      required: `${least.toLocaleString("en")}/s`,
      actual,
      passes: ours.perSecond >= least,
    });
  }
  if (broker === "embedded") {
    const required = `${mostEmbeddedMilliseconds} ms`;
    gates.push({
      title: `${broker}: p99`,
      required,
      actual: `${ours.p99.toFixed(1)} ms`,
      passes: ours.p99 <= mostEmbeddedMilliseconds,
    });
  }
  if (theirs !== undefined) {
    const [speed, share] = [ours.perSecond / theirs.perSecond, ours.script / theirs.script];
    gates.push(
      {
        title: `${broker}: handled, to ${theirs.title}`,
        required: `${leastRatio} ×`,
        actual: `${speed.toFixed(2)} ×`,
        passes: speed >= leastRatio,
      },
      {
        title: `${broker}: script thread, to ${theirs.title}'s`,
        required: `at most ${mostScriptShare} ×`,
        actual: `${share.toFixed(2)} ×`,
        passes: share <= mostScriptShare,
      },
    );
  }
  return gates;
}
