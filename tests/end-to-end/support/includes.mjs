// @ts-check
import assert from "node:assert/strict";

/**
 * Asserts that a value has all that is expected: objects may have more members, all else has to be equal.
 * @param {unknown} actual
 * @param {unknown} expected
 * @param {string} [at] where in the value
 */
export function includes(actual, expected, at = "$") {
  if (typeof expected !== "object" || expected === null || Array.isArray(expected)) {
    assert.deepEqual(actual, expected, `${at}: ${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`);
    return;
  }
  assert.ok(typeof actual === "object" && actual !== null, `${at} is no object: ${JSON.stringify(actual)}`);
  for (const [key, value] of Object.entries(expected)) {
    includes(/** @type {Record<string, unknown>} */ (actual)[key], value, `${at}.${key}`);
  }
}
