// @ts-check

/** @typedef {import("./options.mjs").ContestantName} ContestantName */
/** @typedef {import("./summary.mjs").Row} Row */
/** @typedef {import("./summary.mjs").StartRow} StartRow */

/**
 * @typedef {object} Gate
 * @property {string} title
 * @property {string} required
 * @property {string} actual
 * @property {"pass" | "fail" | "not measured"} result
 */

/** What a comparison has to show of encore-host. */
const limits = {
  validatedToBun: 1,
  validatedToFastify: 3,
  validatedToExpress: 9,
  plainToKestrel: 0.8,
  isolateMicroseconds: 2,
  startMilliseconds: 300,
  idleMebibytes: 150,
};

/**
 * @param {readonly Row[]} rows
 * @param {readonly StartRow[]} starts
 * @returns {Gate[]}
 */
export function gates(rows, starts) {
  const row = (/** @type {ContestantName} */ contestant, /** @type {Row["scenario"]} */ scenario) =>
    rows.find((item) => item.contestant === contestant && item.scenario === scenario);
  const ours = row("ours", "validated");
  const start = starts.find(({ contestant }) => contestant === "ours");

  const ratio = (
    /** @type {string} */ title,
    /** @type {Row["scenario"]} */ scenario,
    /** @type {ContestantName} */ other,
    /** @type {number} */ least,
  ) => {
    const [a, b] = [row("ours", scenario), row(other, scenario)];
    return gate(title, least, a && b && a.requestsPerSecond / b.requestsPerSecond, "at least", "×");
  };
  const errors = rows.map((item) => item.errors).reduce((sum, count) => sum + count, 0);

  return [
    ratio("validated req/s, to Bun + Zod", "validated", "bun", limits.validatedToBun),
    ratio("validated req/s, to Fastify + Ajv", "validated", "fastify", limits.validatedToFastify),
    ratio("validated req/s, to Express + Zod", "validated", "express", limits.validatedToExpress),
    ratio("plain req/s, to bare Kestrel", "plain", "kestrel", limits.plainToKestrel),
    // 0 means that no thread of that name was found: nothing was measured, and nothing may pass.
    gate(
      "isolate thread per validated request",
      limits.isolateMicroseconds,
      ours?.isolate || undefined,
      "at most",
      "µs",
    ),
    gate("start to first answer", limits.startMilliseconds, start?.milliseconds, "at most", "ms"),
    gate("resident memory, idle", limits.idleMebibytes, start && start.residentBytes / 2 ** 20, "at most", "MiB"),
    gate("errors in all runs", 0, rows.length > 0 ? errors : undefined, "at most", ""),
  ];
}

/**
 * @param {string} title
 * @param {number} limit
 * @param {number | undefined} actual
 * @param {"at least" | "at most"} direction
 * @param {string} unit
 * @returns {Gate}
 */
export function gate(title, limit, actual, direction, unit) {
  const required = `${direction} ${limit} ${unit}`.trimEnd();
  if (actual === undefined) {
    return { title, required, actual: "", result: "not measured" };
  }
  const passed = direction === "at least" ? actual >= limit : actual <= limit;
  const digits = Number.isInteger(actual) || actual >= 100 ? 0 : 2;
  return { title, required, actual: `${actual.toFixed(digits)} ${unit}`.trimEnd(), result: passed ? "pass" : "fail" };
}
