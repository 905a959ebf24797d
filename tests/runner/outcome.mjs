// @ts-check

/**
 * @typedef {object} Outcome what became of one suite's tests
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 * @property {string} [problem] why the suite failed beyond its tests: it crashed, wrote no result, ran nothing
 */

/**
 * Joins what a suite reported with how its process ended: a suite that ended badly or ran nothing has at least one failure.
 * @param {Outcome | undefined} reported undefined if it left no readable report
 * @param {number} exitCode
 * @returns {Outcome}
 */
export function judge(reported, exitCode) {
  if (reported === undefined) return failure(`no test report (exit code ${exitCode})`);
  if (reported.failed > 0) return reported;
  if (exitCode !== 0) return { ...reported, failed: 1, problem: `exit code ${exitCode} although no test failed` };
  if (reported.passed === 0) return { ...reported, failed: 1, problem: "no test ran" };
  return reported;
}

/**
 * @param {string} problem
 * @returns {Outcome}
 */
export function failure(problem) {
  return { passed: 0, failed: 1, skipped: 0, problem };
}

/**
 * @param {readonly Outcome[]} outcomes
 * @returns {Outcome}
 */
export function total(outcomes) {
  const sum = (/** @type {"passed" | "failed" | "skipped"} */ key) =>
    outcomes.reduce((all, outcome) => all + outcome[key], 0);
  return { passed: sum("passed"), failed: sum("failed"), skipped: sum("skipped") };
}

/**
 * The line that a run ends with.
 * @param {Outcome} outcome
 */
export function closingLine({ passed, failed }) {
  return `${passed} passed, ${failed} failed`;
}
