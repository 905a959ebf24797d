// @ts-check
import { main } from "./main.mjs";
import { buildPackages } from "./packages.mjs";
import { layScripts, publishHost } from "./host.mjs";
import { say } from "./progress.mjs";
import { program } from "./repository.mjs";
import { restore } from "./restore.mjs";

/** Restores and builds whatever changed since the last time. */
export async function build() {
  await restore();
  await Promise.all([buildPackages(), publishHost()]);
  await layScripts();
}

await main(import.meta.url, async () => {
  await build();
  say(`${program}\nnpx encore-host --help`);
});
