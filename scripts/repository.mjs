// @ts-check
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's root, without a slash at its end. */
export const repository = fileURLToPath(new URL("..", import.meta.url)).replace(/[\\/]$/, "");

/** @param {...string} parts */
export const path = (...parts) => join(repository, ...parts);

/** The platform in npm's words, as platform packages are named. */
export const npmPlatform = `${process.platform}-${process.arch}`;

/** The platform in .NET's words. */
export const runtimeIdentifier = `${dotnetSystem()}-${process.arch}`;

/** The program's folder as `npm run build` makes it: everything it needs to run, wherever the folder is taken. */
export const programFolder = path("artifacts", "encore-host");

/** The program itself. */
export const program = join(programFolder, process.platform === "win32" ? "encore-host.exe" : "encore-host");

/** Where `npm run pack` puts the packages. */
export const packagesFolder = path("artifacts", "packages");

/**
 * The version of everything, from the one place that states it.
 * @returns {string}
 */
export function version() {
  const found = /<Version>([^<]+)<\/Version>/.exec(readFileSync(path("Directory.Build.props"), "utf8"))?.[1];
  if (found === undefined) throw new Error("Directory.Build.props states no <Version>");
  return found;
}

function dotnetSystem() {
  if (process.platform === "win32") return "win";
  if (process.platform === "darwin") return "osx";
  const report = /** @type {{ header: { glibcVersionRuntime?: string } }} */ (process.report.getReport());
  return report.header.glibcVersionRuntime === undefined ? "linux-musl" : "linux";
}
