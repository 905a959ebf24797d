// @ts-check
import { run } from "./command.mjs";
import { step } from "./progress.mjs";

/**
 * Installs programs that tests need, unless they are there.
 * @param {...string} packages Debian's names
 */
export async function installDebian(...packages) {
  await step(`Debian packages (${packages.join(", ")})`, () => run("bash", [".ci/debian-packages.sh", ...packages]));
}
