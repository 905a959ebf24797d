/**
 * Builds the package and the tests into `artifacts/`, so that `dist/` stays as it is, and runs the tests.
 */
import { spawnSync } from "node:child_process";
import { copyFileSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { buildPackage, packageFolder, typescript } from "./package.mjs";

const artifacts = join(packageFolder, "artifacts");
const tests = readdirSync(join(packageFolder, "test"), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".test.ts"))
  .sort();

await buildPackage(join(artifacts, "package", "dist"));
copyFileSync(join(packageFolder, "package.json"), join(artifacts, "package", "package.json"));
typescript("-p", "tsconfig.test.json");
rmSync(join(artifacts, "test"), { recursive: true, force: true });
await build({
  absWorkingDir: packageFolder,
  entryPoints: tests.map((file) => join("test", file)),
  outdir: join(artifacts, "test"),
  outbase: "test",
  outExtension: { ".js": ".mjs" },
  bundle: true,
  packages: "external",
  format: "esm",
  platform: "node",
  target: "node20",
  sourcemap: "inline",
  logLevel: "warning",
});
const files = tests.map((file) => join(artifacts, "test", file.replace(/\.ts$/, ".mjs")));
const { status } = spawnSync(process.execPath, ["--enable-source-maps", "--test", ...files], { stdio: "inherit" });
process.exitCode = status ?? 1;
