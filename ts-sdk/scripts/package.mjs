import { execFileSync } from "node:child_process";
import { copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
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
  const runtime = await bundle({
    entryPoints: ["src/runtime/main.ts"],
    outfile: join(folder, "runtime", "runtime.js"),
    format: "iife",
  });
  const path = await bundle({
    entryPoints: ["src/node/path.ts"],
    outfile: join(folder, "node", "path.js"),
    format: "esm",
  });
  writeFileSync(join(folder, "runtime", "LICENSES.txt"), licenses([...runtime, ...path]));
}

/**
 * Bundles what packages are part of.
 * @param {import("esbuild").BuildOptions} options
 * @returns {Promise<string[]>} the files it is made of
 */
async function bundle(options) {
  const { metafile } = await esbuild.build({
    ...options,
    absWorkingDir: packageFolder,
    bundle: true,
    platform: "neutral",
    mainFields: ["module", "main"],
    conditions: ["import", "require"],
    target: "esnext",
    charset: "ascii",
    legalComments: "none",
    minifyWhitespace: true,
    minifySyntax: true,
    tsconfig: "tsconfig.runtime.json",
    plugins: [urlModules, streamModules],
    metafile: true,
    logLevel: "warning",
  });
  return Object.keys(metafile.inputs);
}

/**
 * The licences of the packages that the bundle is made of, which ask to go along with copies.
 * @param {readonly string[]} files what was bundled, relative to the package
 */
function licenses(files) {
  const folders = files.map((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0]);
  const bundled = [...new Set(folders.filter((each) => each !== undefined))].sort();
  return bundled
    .map((each) => {
      const from = join(packageFolder, each);
      const license = readdirSync(from).find((file) => /^licen[cs]e/i.test(file));
      if (license === undefined) throw new Error(`${each} has no licence file`);
      return `${basename(each)}\n\n${readFileSync(join(from, license), "utf8").trim()}\n`;
    })
    .join(`\n${"-".repeat(80)}\n\n`);
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

/**
 * Takes readable-stream as it is without Node, and sends what it wants of Node's process to the runtime's own.
 * @type {import("esbuild").Plugin}
 */
const streamModules = {
  name: "stream-modules",
  setup(build) {
    const shim = join(packageFolder, "src/runtime/node-http/process-shim.ts");
    build.onResolve({ filter: /^process\/$/ }, () => ({ path: shim }));
    build.onResolve({ filter: /^readable-stream$/ }, ({ resolveDir, kind }) =>
      build.resolve("readable-stream/lib/ours/browser.js", { resolveDir, kind }),
    );
  },
};
