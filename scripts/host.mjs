// @ts-check
import { cpSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { dotnet } from "./command.mjs";
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
    await step(`host for ${runtimeIdentifier} (dotnet publish)`, () =>
      dotnet(
        "publish",
        project,
        "-r",
        runtimeIdentifier,
        "-p:PublishProfile=encore-host",
        "-o",
        programFolder,
        "-v",
        "q",
      ),
    );
  });
}

/** Puts the scripts beside the program that it loads: the compiler, the isolate's runtime and the SDK. */
export function layScripts() {
  const scripts = /** @type {const} */ ([
    ["schema-extractor/dist/extractor.js", "compiler/extractor.js"],
    ["schema-extractor/dist/lib", "compiler/lib"],
    ["ts-sdk/dist/runtime", "runtime"],
    ["ts-sdk/package.json", "sdk/package.json"],
    ["ts-sdk/dist", "sdk/dist"],
  ]);
  for (const folder of ["compiler", "runtime", "sdk"]) {
    rmSync(join(programFolder, folder), { recursive: true, force: true });
    mkdirSync(join(programFolder, folder), { recursive: true });
  }
  for (const [from, to] of scripts) {
    cpSync(path(from), join(programFolder, to), { recursive: true });
  }
  rmSync(join(programFolder, "sdk", "dist", "runtime"), { recursive: true });
}
