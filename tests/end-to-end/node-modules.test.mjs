// @ts-check
import assert from "node:assert/strict";
import { cpSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { path } from "../../scripts/repository.mjs";
import { runFiles } from "./applications/node-modules/files.js";
import { runPaths } from "./applications/node-modules/paths.js";
import { suiteOwner, temporaryFolder } from "./support/environment.mjs";
import { install } from "./support/installation.mjs";
import { parseJson } from "./support/json.mjs";
import { Server } from "./support/server.mjs";

// The same scripts run here, under Node.js, and there, in the isolate: what they see has to be the same.
suite("Node's modules in the isolate", () => {
  const owner = suiteOwner(after);
  const folder = temporaryFolder(owner);
  /** @type {Server} */
  let server;

  before(async () => {
    const command = await install(folder);
    cpSync(path("tests/end-to-end/applications/node-modules"), join(folder, "app"), { recursive: true });
    server = await Server.start(owner, command, ["run", "app.js", "--port", "0"], { cwd: join(folder, "app") });
  });

  test("fs: every call gives what Node's gives, mistakes too", async (context) => {
    const ours = folderWithLinks(context);
    const theirs = folderWithLinks(context);
    const response = await server.fetch("/files", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ folder: ours }),
    });
    const results = await resultsOf(response);
    const expected = /** @type {[string, unknown][]} */ (await runFiles(theirs));
    assert.equal(results.length, expected.length);
    for (const [index, [call, value]] of expected.entries()) assert.deepEqual(results[index]?.[1], value, call);
  });

  test("path: every function gives what Node's gives", async () => {
    const results = await resultsOf(await server.fetch("/paths"));
    assert.deepEqual(results, parseJson(JSON.stringify(runPaths())));
  });
});

/**
 * A folder with one that holds a file and links: to itself, to nothing, and around in a circle.
 * @param {Parameters<typeof temporaryFolder>[0]} owner
 */
function folderWithLinks(owner) {
  const root = realpathSync(temporaryFolder(owner));
  const linked = join(root, "linked");
  mkdirSync(linked);
  writeFileSync(join(linked, "deep.txt"), "deep");
  symlinkSync(linked, join(linked, "loop"));
  symlinkSync(join(linked, "nowhere"), join(linked, "dangling"));
  symlinkSync(join(linked, "self"), join(linked, "self"));
  return root;
}

/**
 * @param {Response} response
 * @returns {Promise<[string, unknown][]>}
 */
async function resultsOf(response) {
  const text = await response.text();
  assert.equal(response.status, 200, text);
  const { text: results } = /** @type {{ text: string }} */ (parseJson(text));
  return /** @type {[string, unknown][]} */ (parseJson(results));
}
