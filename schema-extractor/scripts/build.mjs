/**
 * Builds the extractor.
 *
 * - `generated/application_pb.ts`: the artifact's messages, from the schema in bridge/Bridge.Core/Schema
 * - `dist/extractor.js`: one classic script for a bare isolate, TypeScript included
 * - `dist/index.js`: an ES module for Node, TypeScript left out
 * - `dist/lib/`: TypeScript's declarations of the language's own library
 *
 * `--schema-only` stops after the messages; `--tests` builds the tests too.
 */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const home = dirname(dirname(fileURLToPath(import.meta.url)));
const schema = join(home, "..", "bridge", "Bridge.Core", "Schema");
const require = createRequire(import.meta.url);

const options = new Set(process.argv.slice(2));
generateMessages();
if (!options.has("--schema-only")) {
  rmSync(join(home, "dist"), { recursive: true, force: true });
  await Promise.all([bundleForIsolate(), bundleForNode(), options.has("--tests") ? bundleTests() : undefined]);
  copyLibraries();
}

function generateMessages() {
  // The plugin is looked up in PATH; where npm put it depends on what the workspaces share.
  const plugin = dirname(packageFile("@bufbuild/protoc-gen-es", "bin/protoc-gen-es"));
  execFileSync(process.execPath, [packageFile("@bufbuild/buf", "bin/buf"), "generate", schema], {
    cwd: home,
    stdio: "inherit",
    env: { ...process.env, PATH: `${plugin}${delimiter}${process.env.PATH}` },
  });
}

/**
 * @param {string} name a package
 * @param {string} path a file in it
 */
function packageFile(name, path) {
  for (const folder of require.resolve.paths(name) ?? []) {
    try {
      return require.resolve(join(folder, name, path));
    } catch {
      continue;
    }
  }
  throw new Error(`${name} is not installed: run npm install in the repository's root`);
}

function bundleForIsolate() {
  return build({
    entryPoints: [join(home, "src/isolate/entry.ts")],
    outfile: join(home, "dist/extractor.js"),
    bundle: true,
    format: "iife",
    platform: "browser",
    target: "es2022",
    // Shorter text compiles faster; names stay, so that stacks can be read.
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: "eof",
    // TypeScript asks which system it is on; with these it finds none and takes files from its caller.
    define: { process: "undefined", require: "undefined" },
    logLevel: "error",
  });
}

function bundleForNode() {
  return build({
    entryPoints: [join(home, "src/index.ts")],
    outfile: join(home, "dist/index.js"),
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    external: ["typescript"],
    sourcemap: true,
    logLevel: "error",
  });
}

function bundleTests() {
  const tests = readdirSync(join(home, "test"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".test.ts"))
    .map((file) => join(home, "test", file));
  return build({
    entryPoints: tests,
    outdir: join(home, "dist/test"),
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20",
    external: ["typescript"],
    sourcemap: "inline",
    logLevel: "error",
  });
}

function copyLibraries() {
  const source = dirname(require.resolve("typescript"));
  const target = join(home, "dist/lib");
  mkdirSync(target, { recursive: true });
  for (const file of readdirSync(source)) {
    if (/^lib\..*\.d\.ts$|^lib\.d\.ts$/.test(file)) cpSync(join(source, file), join(target, file));
  }
}
