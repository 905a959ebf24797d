// @ts-check
import { cpSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { dotnet, run } from "./command.mjs";
import { whenChanged } from "./fingerprint.mjs";
import { step } from "./progress.mjs";
import { path, program, programFolder, repository, runtimeIdentifier } from "./repository.mjs";

const project = "host/Encore.Host/Encore.Host.csproj";
const sources = ["host", "bridge", "Directory.Build.props", "Directory.Packages.props", "global.json", ".editorconfig"];
const programInRepository = program.slice(repository.length + 1);

/** Publishes the program for this platform: self-contained, compiled ahead of time. */
export async function publishHost() {
  await whenChanged("host", sources, [programInRepository], async () => {
    // What a former build put there and this one doesn't must not stay.
    rmSync(programFolder, { recursive: true, force: true });
    const target = ["-r", runtimeIdentifier, "-o", programFolder];
    await step(`host for ${runtimeIdentifier} (dotnet publish)`, () =>
      dotnet("publish", project, "-p:PublishProfile=encore-host", ...target, "-v", "q"),
    );
  });
}

/** Puts the scripts beside the program that it loads: the compiler, the isolate's runtime and the SDK. */
export async function layScripts() {
  const inputs = ["artifacts/stamps/host", "schema-extractor/dist", "ts-sdk/dist", "ts-sdk/package.json"];
  await whenChanged("scripts", inputs, ["artifacts/encore-host/compiler/extractor.js"], async () => {
    for (const folder of ["compiler", "runtime", "sdk"]) {
      rmSync(join(programFolder, folder), { recursive: true, force: true });
      mkdirSync(join(programFolder, folder), { recursive: true });
    }
    lay("schema-extractor/dist/extractor.js", "compiler/extractor.js");
    lay("schema-extractor/dist/lib", "compiler/lib");
    lay("ts-sdk/dist/runtime", "runtime");
    lay("ts-sdk/package.json", "sdk/package.json");
    lay("ts-sdk/dist", "sdk/dist");
    rmSync(join(programFolder, "sdk/dist/runtime"), { recursive: true });
    await step("compiled form of the compiler (encore-host check)", shipCodeCache);
  });
}

/**
 * @param {string} from relative to the repository
 * @param {string} to relative to the program
 */
function lay(from, to) {
  cpSync(path(from), join(programFolder, to), { recursive: true });
}

/** V8 compiles the compiler once here, so that no user's first run waits for it: the program finds the result beside the script. */
async function shipCodeCache() {
  const cache = mkdtempSync(path("artifacts", "cache-"));
  try {
    await run(program, ["check", "examples/blog"], { env: { XDG_CACHE_HOME: cache } });
    const made = join(cache, "encore-host", "compiler");
    for (const file of readdirSync(made)) {
      renameSync(join(made, file), join(programFolder, "compiler", "extractor.js.v8cache"));
    }
  } finally {
    rmSync(cache, { recursive: true, force: true });
  }
}
