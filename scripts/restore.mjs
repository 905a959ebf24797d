// @ts-check
import { run } from "./command.mjs";
import { whenChanged } from "./fingerprint.mjs";
import { step } from "./progress.mjs";

const manifests = [
  ".npmrc",
  "package.json",
  "package-lock.json",
  "ts-sdk/package.json",
  "schema-extractor/package.json",
];

/** Installs the npm packages that the lock file names, unless they are. */
export async function restore() {
  await whenChanged("npm", manifests, ["node_modules/.package-lock.json"], async () => {
    await step("npm packages (npm ci)", () => run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"]));
  });
}
