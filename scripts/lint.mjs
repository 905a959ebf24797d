// @ts-check
import { checks } from "./checks.mjs";
import { attempt, dotnetEnvironment } from "./command.mjs";
import { main } from "./main.mjs";
import { buildPackages } from "./packages.mjs";
import { say, step } from "./progress.mjs";
import { restore } from "./restore.mjs";

await main(import.meta.url, async () => {
  await restore();
  // Types that one part takes from another exist only once it is built.
  await buildPackages();
  let failed = 0;
  for (const { name, command } of checks) {
    const [program, ...args] = command;
    const { code, output } = await step(name, () => attempt(program, args, { env: dotnetEnvironment }));
    if (code !== 0) {
      failed++;
      say(`${output.trimEnd()}\n${name}: exit code ${code}`);
    }
  }
  return failed === 0 ? 0 : 1;
});
