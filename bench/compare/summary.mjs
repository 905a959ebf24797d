// @ts-check
import { median } from "./statistics.mjs";

/** @typedef {import("./options.mjs").ContestantName} ContestantName */
/** @typedef {import("./measure.mjs").Measurement} Measurement */

/**
 * @typedef {object} Start
 * @property {ContestantName} contestant
 * @property {number} milliseconds from exec to the first answer
 * @property {number} residentBytes idle, a second later
 */

/**
 * Medians over the rounds; CPU figures are microseconds per request.
 * @typedef {object} Row
 * @property {ContestantName} contestant
 * @property {Measurement["scenario"]} scenario
 * @property {number} requestsPerSecond
 * @property {number} p50 milliseconds
 * @property {number} p99 milliseconds
 * @property {number} cpu
 * @property {{ name: string, microseconds: number }} busiest the busiest thread; its name is the last round's
 * @property {number} isolate
 * @property {number} residentBytesBefore
 * @property {number} residentBytesAfter
 * @property {number} clientBusy
 * @property {number} errors the sum, not the median: one is one too many
 */

/** @typedef {Start} StartRow medians */

/**
 * @param {readonly Measurement[]} measurements
 * @returns {Row[]} in the order in which they first appear
 */
export function summarise(measurements) {
  return groups(measurements, ({ contestant, scenario }) => `${scenario}/${contestant}`).map((group) => {
    const last = group.at(-1) ?? group[0];
    const of = (/** @type {(measurement: Measurement) => number} */ figure) => median(group.map(figure));
    return {
      contestant: last.contestant,
      scenario: last.scenario,
      requestsPerSecond: of((item) => item.requestsPerSecond),
      p50: of((item) => item.p50),
      p99: of((item) => item.p99),
      cpu: of((item) => item.cpu),
      busiest: { name: last.threads[0]?.name ?? "", microseconds: of((item) => item.threads[0]?.microseconds ?? 0) },
      isolate: of((item) => item.isolate),
      residentBytesBefore: of((item) => item.residentBytesBefore),
      residentBytesAfter: of((item) => item.residentBytesAfter),
      clientBusy: of((item) => item.clientBusy),
      errors: group.reduce((sum, { errors }) => sum + errors, 0),
    };
  });
}

/**
 * @param {readonly Start[]} starts
 * @returns {StartRow[]}
 */
export function summariseStarts(starts) {
  return groups(starts, ({ contestant }) => contestant).map((group) => ({
    contestant: group[0].contestant,
    milliseconds: median(group.map(({ milliseconds }) => milliseconds)),
    residentBytes: median(group.map(({ residentBytes }) => residentBytes)),
  }));
}

/**
 * @template T
 * @param {readonly T[]} items
 * @param {(item: T) => string} key
 * @returns {[T, ...T[]][]}
 */
function groups(items, key) {
  /** @type {Map<string, [T, ...T[]]>} */
  const found = new Map();
  for (const item of items) {
    const group = found.get(key(item));
    if (group === undefined) {
      found.set(key(item), [item]);
    } else {
      group.push(item);
    }
  }
  return [...found.values()];
}
