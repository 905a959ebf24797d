// @ts-check
import { realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { CommandError } from "./command.mjs";
import { say } from "./progress.mjs";

/**
 * Runs a script's main function where the script is the program, not where another imports it.
 * An error ends the process with 1; a failed command's output is shown, its stack is not.
 * @param {string} url the script's `import.meta.url`
 * @param {(args: readonly string[]) => Promise<number | void>} work returns the exit code, 0 if nothing
 */
export async function main(url, work) {
  const [, script, ...args] = process.argv;
  if (script === undefined || realpathSync(script) !== realpathSync(fileURLToPath(url))) return;
  try {
    process.exitCode = (await work(args)) ?? 0;
  } catch (error) {
    if (error instanceof CommandError) {
      say(`\n${error.output.trimEnd()}\n\n${error.message}`);
    } else {
      say(String(error instanceof Error ? error.stack : error));
    }
    process.exitCode = 1;
  }
}
