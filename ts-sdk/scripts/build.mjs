/**
 * Builds the package into `dist/`: JavaScript and declarations of the public modules (tsc), and the isolate's runtime (esbuild).
 * `--tests` builds the tests into `artifacts/test/` as well.
 */
import { execFileSync } from "node:child_process";
import { copyFileSync, cpSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, "dist");
// Built aside and moved at the end, so that whoever uses dist/ meanwhile sees one build or the other.
const staging = join(root, "artifacts", "dist");

function typescript(...args) {
  const compiler = createRequire(import.meta.url).resolve("typescript/bin/tsc");
  execFileSync(process.execPath, [compiler, ...args], { cwd: root, stdio: "inherit" });
}

/** Sends what whatwg-url takes from the global scope, and from tr46, to the runtime's own modules. */
const urlModules = {
  name: "url-modules",
  setup({ onResolve }) {
    const fromWhatwgUrl = ({ importer }) => /[\\/]whatwg-url[\\/]lib[\\/]/.test(importer);
    onResolve({ filter: /^\.\/encoding$/ }, (args) =>
      fromWhatwgUrl(args) ? { path: join(root, "src/runtime/url/encoding.ts") } : undefined,
    );
    onResolve({ filter: /^tr46$/ }, (args) =>
      fromWhatwgUrl(args) ? { path: join(root, "src/runtime/url/domain-names.ts") } : undefined,
    );
  },
};

async function buildRuntime() {
  await build({
    absWorkingDir: root,
    entryPoints: ["src/runtime/main.ts"],
    outfile: join(staging, "runtime", "runtime.js"),
    bundle: true,
    format: "iife",
    platform: "neutral",
    mainFields: ["module", "main"],
    conditions: ["import", "require"],
    target: "esnext",
    charset: "utf8",
    legalComments: "none",
    minifyWhitespace: true,
    minifySyntax: true,
    tsconfig: "tsconfig.runtime.json",
    plugins: [urlModules],
    logLevel: "warning",
  });
}

async function buildTests() {
  rmSync(join(root, "artifacts", "test"), { recursive: true, force: true });
  const tests = readdirSync(join(root, "test"), { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".test.ts"));
  await build({
    absWorkingDir: root,
    entryPoints: tests.map((file) => join("test", file)),
    outdir: "artifacts/test",
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
}

rmSync(staging, { recursive: true, force: true });
mkdirSync(staging, { recursive: true });
typescript("-p", "tsconfig.json", "--outDir", staging);
typescript("-p", "tsconfig.runtime.json");
copyFileSync(join(root, "src/globals.d.ts"), join(staging, "globals.d.ts"));
cpSync(join(root, "src/globals"), join(staging, "globals"), { recursive: true });
await buildRuntime();
rmSync(dist, { recursive: true, force: true });
renameSync(staging, resolve(dist));
if (process.argv.includes("--tests")) {
  typescript("-p", "tsconfig.test.json");
  await buildTests();
}
