// @ts-check
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Variables that would make a command behave otherwise than in a user's shell: the test runner's, npm's, our own. */
const foreign = /^(NODE_OPTIONS|NODE_TEST_CONTEXT|NODE_ENV|INIT_CWD|PORT|CI|NO_COLOR|FORCE_COLOR|npm_.*|ENCORE_.*)$/;

/**
 * The environment of a user's shell.
 * @param {Record<string, string>} [extra]
 * @returns {Record<string, string | undefined>}
 */
export function userEnvironment(extra = {}) {
  const own = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  return { ...Object.fromEntries(own), npm_config_audit: "false", npm_config_fund: "false", ...extra };
}

/**
 * What a suite's `before` starts has to last until the suite's end: hooks registered within a hook run at that one's end.
 * @param {(work: () => void) => void} after node:test's, called in the suite's body
 */
export function suiteOwner(after) {
  /** @type {(() => void)[]} */
  const works = [];
  after(() => {
    for (const work of works) work();
  });
  return { after: (/** @type {() => void} */ work) => works.push(work) };
}

/**
 * A folder that is gone when the test or suite is over.
 * @param {{ after: (work: () => void) => unknown }} owner
 */
export function temporaryFolder(owner) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "encore-host-")));
  owner.after(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}
