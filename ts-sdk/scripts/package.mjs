import { execFileSync } from "node:child_process";
import { copyFileSync, cpSync, mkdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

export const packageFolder = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * Builds what the package publishes in its `dist/`.
 * @param {string} folder where to; what was there is deleted
 */
export async function buildPackage(folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  typescript("-p", "tsconfig.sdk.json", "--noEmit", "false", "--outDir", folder);
  typescript("-p", "tsconfig.runtime.json");
  copyFileSync(join(packageFolder, "src/globals.d.ts"), join(folder, "globals.d.ts"));
  cpSync(join(packageFolder, "src/globals"), join(folder, "globals"), { recursive: true });
  await esbuild.build({
    absWorkingDir: packageFolder,
    entryPoints: ["src/runtime/main.ts"],
    outfile: join(folder, "runtime", "runtime.js"),
    bundle: true,
    format: "iife",
    platform: "neutral",
    mainFields: ["module", "main"],
    conditions: ["import", "require"],
    target: "esnext",
    charset: "ascii",
    legalComments: "none",
    minifyWhitespace: true,
    minifySyntax: true,
    tsconfig: "tsconfig.runtime.json",
    plugins: [urlModules],
    logLevel: "warning",
  });
}

/**
 * Runs the compiler.
 * @param {readonly string[]} args
 */
export function typescript(...args) {
  const compiler = createRequire(import.meta.url).resolve("typescript/bin/tsc");
  execFileSync(process.execPath, [compiler, ...args], { cwd: packageFolder, stdio: "inherit" });
}

/**
 * Sends what whatwg-url takes from the global scope, and from tr46, to the runtime's own modules.
 * @type {import("esbuild").Plugin}
 */
const urlModules = {
  name: "url-modules",
  setup(build) {
    const replacements = { "./encoding": "src/runtime/url/encoding.ts", tr46: "src/runtime/url/domain-names.ts" };
    for (const [module, replacement] of Object.entries(replacements)) {
      build.onResolve({ filter: new RegExp(`^${module.replaceAll(".", "\\.")}$`) }, ({ importer }) =>
        /[\\/]whatwg-url[\\/]lib[\\/]/.test(importer) ? { path: join(packageFolder, replacement) } : undefined,
      );
    }
  },
};
