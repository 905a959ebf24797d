// @ts-check

/** @typedef {import("./outcome.mjs").Outcome} Outcome */

/**
 * Reads the summary that node's TAP reporter ends with. Tests that ended because their parent did count as failed.
 * @param {string} tap
 * @returns {Outcome | undefined} undefined without a whole summary: the runner died
 */
export function readTap(tap) {
  const count = (/** @type {string} */ name) => {
    // The last one: a test's own output may hold such lines, the summary comes after all of it.
    const found = [...tap.matchAll(new RegExp(`^# ${name} (\\d+)$`, "gm"))].at(-1)?.[1];
    return found === undefined ? undefined : Number(found);
  };
  const [passed, failed, cancelled, skipped, todo] = ["pass", "fail", "cancelled", "skipped", "todo"].map(count);
  if (
    passed === undefined ||
    failed === undefined ||
    cancelled === undefined ||
    skipped === undefined ||
    todo === undefined
  ) {
    return undefined;
  }
  return { passed, failed: failed + cancelled, skipped: skipped + todo };
}

/**
 * Reads the counters of a Visual Studio test result file (TRX).
 * @param {string} trx
 * @returns {Outcome | undefined} undefined without counters: the test host died
 */
export function readTrx(trx) {
  const counters = /<Counters\s([^>]*)\/>/.exec(trx)?.[1];
  if (counters === undefined) return undefined;
  const count = (/** @type {string} */ name) => Number(new RegExp(`\\b${name}="(\\d+)"`).exec(counters)?.[1] ?? 0);
  const [all, executed, passed] = [count("total"), count("executed"), count("passed")];
  // Whatever ran and did not pass failed: TRX has a dozen names for it (error, timeout, aborted, …).
  return { passed, failed: executed - passed, skipped: all - executed };
}
