// @ts-check
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { mainManifest, platformManifest, tarballName } from "./manifests.mjs";
import { path } from "./repository.mjs";

const sdk = {
  name: "encore-host",
  version: "0.0.0",
  exports: { "./api": "./dist/api/index.js" },
  scripts: {},
  devDependencies: {},
};

test("mainManifest: keeps what users need, drops what only the repository needs", () => {
  const manifest = mainManifest(sdk, "1.2.3", { "linux-x64": "1.2.3" }, true);
  assert.deepEqual(Object.keys(manifest).sort(), [
    "bin",
    "exports",
    "files",
    "name",
    "optionalDependencies",
    "version",
  ]);
  assert.equal(manifest.version, "1.2.3");
  assert.deepEqual(manifest.optionalDependencies, { "@encore-host/linux-x64": "1.2.3" });
});

test("mainManifest: one that names a file of this machine can't be published", () => {
  const manifest = mainManifest(sdk, "1.2.3", { "linux-x64": "file:/somewhere.tgz" }, false);
  assert.equal(/** @type {Record<string, unknown>} */ (manifest)["private"], true);
});

test("platformManifest: installs only where it runs", () => {
  const { os, cpu } = platformManifest("linux-x64", "1.2.3");
  assert.deepEqual([os, cpu], [["linux"], ["x64"]]);
});

test("platformManifest: brings the bundler that the program asks for", () => {
  const source = readFileSync(path("host/Encore.Host/Compiler/Esbuild/EsbuildProgram.cs"), "utf8");
  const demanded = /Version = "([^"]+)"/.exec(source)?.[1];
  assert.deepEqual(platformManifest("linux-x64", "1.2.3").dependencies, { "@esbuild/linux-x64": demanded });
});

test("platformManifest: brings the database server that the program is tested with", () => {
  const source = readFileSync(path("bridge/Bridge.Postgres/Embedded/PostgresPackage.cs"), "utf8");
  const name = /Name = "([^"]+)"/.exec(source)?.[1] ?? "";
  const demanded = /Version = "([^"]+)"/.exec(source)?.[1];
  assert.notEqual(name, "");
  assert.deepEqual(platformManifest("linux-x64", "1.2.3").optionalDependencies, { [name]: demanded });
  assert.match(readFileSync(path("package.json"), "utf8"), new RegExp(`"${name}": "${demanded}"`));
});

test("tarballName: as npm names them", () => {
  assert.equal(tarballName("@encore-host/linux-x64", "0.1.0"), "encore-host-linux-x64-0.1.0.tgz");
});
