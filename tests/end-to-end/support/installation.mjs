// @ts-check
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { npmPlatform, packagesFolder, version } from "../../../scripts/repository.mjs";
import { tarballName } from "../../../scripts/manifests.mjs";
import { finish } from "./command.mjs";

export const mainTarball = join(packagesFolder, tarballName("encore-host", version()));
export const platformTarball = join(packagesFolder, tarballName(`@encore-host/${npmPlatform}`, version()));

/**
 * Installs packages in a folder as a user does.
 * @param {string} folder
 * @param {...string} packages encore-host's tarball if none is named
 * @returns {Promise<string>} the command's path
 */
export async function install(folder, ...packages) {
  assert.ok(existsSync(mainTarball), "there are no packages to test: `npm run pack` makes them");
  const wanted = packages.length === 0 ? [mainTarball] : packages;
  const { code, stderr } = await finish("npm", ["install", "--prefer-offline", "--loglevel=error", ...wanted], {
    cwd: folder,
  });
  assert.equal(code, 0, stderr);
  return join(folder, "node_modules", ".bin", "encore-host");
}
