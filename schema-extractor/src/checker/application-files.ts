import type { FileSystem } from "../files/file-system.ts";
import { baseName, compareText, folderOf, isWithin, join, relativePath } from "../files/paths.ts";

const sourceExtensions = [".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs"];
const serviceFiles = ["encore.service.ts", "encore.service.mts", "encore.service.js", "encore.service.mjs"];
const outputFolders = new Set(["node_modules", "dist", "build", "coverage", "bower_components", "encore.gen"]);

/** Which files are the application's. */
export interface ApplicationFiles {
  /** Sorted by their paths. */
  readonly sources: readonly string[];
  /** The folders whose listing decided it, sorted. */
  readonly folders: readonly string[];
}

/**
 * Finds the application's files: all sources below the root that `included` lets through.
 *
 * Left out are hidden folders, what tools put out, tests, tools' configuration files, and folders with a tsconfig.json of
 * their own (a front end, say): imports reach into them all the same.
 * @param included the files that the root's tsconfig.json is for; undefined: all
 */
export function findApplicationFiles(
  root: string,
  files: FileSystem,
  included: readonly string[] | undefined,
): ApplicationFiles {
  const wanted = included === undefined ? undefined : new Set(included);
  const sources: string[] = [];
  const folders: string[] = [];
  const visit = (folder: string): void => {
    const listing = files.listDirectory(folder);
    if (folder !== root && listing.files.includes("tsconfig.json")) return;
    folders.push(folder);
    for (const name of listing.files) {
      const path = join(folder, name);
      if (isSource(name) && (wanted?.has(path) ?? belongs(path, files))) sources.push(path);
    }
    for (const name of listing.directories) {
      if (!name.startsWith(".") && !outputFolders.has(name) && !name.startsWith("__")) visit(join(folder, name));
    }
  };
  visit(root);
  // Declarations that the tsconfig.json includes bring the application's ambient types.
  for (const path of included ?? []) if (/\.d\.[cm]?ts$/.test(path) && !insideOutput(root, path)) sources.push(path);
  return { sources: [...new Set(sources)].sort(compareText), folders: folders.sort(compareText) };
}

/** An entry file, and the service files of the folders it lies in. */
export function findEntryFiles(root: string, files: FileSystem, entry: string): ApplicationFiles {
  const sources = [entry];
  for (let folder = folderOf(entry); isWithin(root, folder); folder = folderOf(folder)) {
    const service = serviceFiles.map((name) => join(folder, name)).find((path) => files.fileExists(path));
    if (service !== undefined && service !== entry) sources.push(service);
    if (folder === root || folder === folderOf(folder)) break;
  }
  return { sources: sources.sort(compareText), folders: [] };
}

/** Whether a file says that its folder is a service. */
export function isServiceFile(path: string): boolean {
  return serviceFiles.includes(baseName(path));
}

function isSource(name: string): boolean {
  if (!sourceExtensions.some((extension) => name.endsWith(extension))) return false;
  return !/\.d\.[cm]?ts$|\.(test|spec|config|stories)\.[cm]?[jt]sx?$/.test(name);
}

/** Whether a file is the application's where no tsconfig.json says so: scripts of web pages aren't. */
function belongs(path: string, files: FileSystem): boolean {
  return !/\.[cm]?jsx?$/.test(path) || /encore(\.dev|-host)\b/.test(files.readFile(path) ?? "");
}

function insideOutput(root: string, path: string): boolean {
  return relativePath(root, path)
    .split("/")
    .some((part) => outputFolders.has(part) && part !== "encore.gen");
}
