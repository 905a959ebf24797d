// @ts-check
import { run } from "./command.mjs";
import { whenChanged } from "./fingerprint.mjs";
import { step } from "./progress.mjs";

const shared = ["package-lock.json"];

/** Builds the workspaces whose sources changed. */
export async function buildPackages() {
  await Promise.all([
    workspace(
      "schema-extractor",
      ["schema-extractor", "bridge/Bridge.Core/Schema"],
      ["dist/extractor.js", "dist/lib/lib.d.ts"],
    ),
    workspace("ts-sdk", ["ts-sdk"], ["dist/runtime/runtime.js", "dist/api/index.d.ts"]),
  ]);
}

/**
 * @param {string} folder
 * @param {readonly string[]} inputs
 * @param {readonly string[]} outputs in the folder
 */
async function workspace(folder, inputs, outputs) {
  const made = outputs.map((output) => `${folder}/${output}`);
  await whenChanged(folder, [...shared, ...inputs], made, async () => {
    await step(folder, () => run("npm", ["run", "build", "--workspace", folder]));
  });
}
