// @ts-check
import { chmodSync, cpSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { build } from "./build.mjs";
import { run } from "./command.mjs";
import { forget, whenChanged } from "./fingerprint.mjs";
import { main } from "./main.mjs";
import { mainManifest, platformManifest, tarballName } from "./manifests.mjs";
import { say, step } from "./progress.mjs";
import { npmPlatform, packagesFolder, path, program, programFolder, repository, version } from "./repository.mjs";

const usage = `npm run pack [-- --release]

Builds and packs encore-host and its program for this platform into artifacts/packages.
--release  for publishing: encore-host asks for the platform package by version, not by the file beside it`;

/** All that goes into the packages; the stamps stand for what the build made. */
const packed = [
  "artifacts/stamps/host",
  "artifacts/stamps/scripts",
  "ts-sdk/bin/encore-host",
  "README.md",
  "LICENSE",
  "scripts",
];

await main(import.meta.url, async (args) => {
  const unknown = args.find((arg) => arg !== "--release");
  if (unknown !== undefined) {
    say(usage);
    return unknown === "--help" ? 0 : 2;
  }
  for (const tarball of await pack(args.includes("--release"))) {
    process.stdout.write(`${tarball}\n`);
  }
  return 0;
});

/**
 * Builds, then packs both packages.
 * @param {boolean} release
 * @returns {Promise<string[]>} the tarballs, encore-host's first
 */
export async function pack(release) {
  await build();
  const number = version();
  const mainTarball = join(packagesFolder, tarballName("encore-host", number));
  const platformTarball = join(packagesFolder, tarballName(`@encore-host/${npmPlatform}`, number));
  const platformSource = release ? number : `file:${platformTarball}`;
  const made = [mainTarball, platformTarball].map((tarball) => relative(repository, tarball));
  await whenChanged(release ? "release" : "pack", packed, made, async () => {
    rmSync(packagesFolder, { recursive: true, force: true });
    mkdirSync(packagesFolder, { recursive: true });
    // One of the two kinds lies there at a time.
    forget(release ? "pack" : "release");
    const sdk = /** @type {Record<string, unknown>} */ (readJson("ts-sdk/package.json"));
    await Promise.all([
      packFolder("encore-host", mainManifest(sdk, number, { [npmPlatform]: platformSource }, release), stageSdk),
      packFolder(npmPlatform, platformManifest(npmPlatform, number), stageProgram),
    ]);
  });
  return [mainTarball, platformTarball];
}

/**
 * @param {string} file relative to the repository
 * @returns {unknown}
 */
function readJson(file) {
  return JSON.parse(readFileSync(path(file), "utf8"));
}

/**
 * @param {string} title
 * @param {object} manifest
 * @param {(stage: string) => void} fill
 */
async function packFolder(title, manifest, fill) {
  const stage = path("artifacts", "stage", title);
  rmSync(stage, { recursive: true, force: true });
  mkdirSync(stage, { recursive: true });
  fill(stage);
  writeFileSync(join(stage, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  normaliseModes(stage);
  await step(`tarball of ${title} (npm pack)`, () =>
    run("npm", ["pack", stage, "--pack-destination", packagesFolder, "--loglevel=error"]),
  );
  rmSync(stage, { recursive: true, force: true });
}

/** @param {string} stage */
function stageSdk(stage) {
  for (const part of ["bin", "dist"]) {
    cpSync(path("ts-sdk", part), join(stage, part), { recursive: true });
  }
  cpSync(path("README.md"), join(stage, "README.md"));
  cpSync(path("LICENSE"), join(stage, "LICENSE"));
}

/** @param {string} stage */
function stageProgram(stage) {
  cpSync(programFolder, stage, { recursive: true });
  cpSync(path("LICENSE"), join(stage, "LICENSE"));
}

/**
 * NuGet's files come with whatever modes their authors' machines had: here everyone may read, and programs may be run.
 * @param {string} folder
 */
function normaliseModes(folder) {
  const programs = new Set(["createdump", "encore-host", program.slice(programFolder.length + 1)]);
  for (const name of readdirSync(folder)) {
    const file = join(folder, name);
    const isFolder = statSync(file).isDirectory();
    chmodSync(file, isFolder || programs.has(name) ? 0o755 : 0o644);
    if (isFolder) normaliseModes(file);
  }
}
