import ts from "typescript";
import { generatedModule } from "../clients/generated-modules.ts";
import type { FileSystem } from "../files/file-system.ts";
import { folderOf, isWithin, join } from "../files/paths.ts";

const sdkPackages = ["encore.dev", "encore-host"] as const;

/** The first 1.x of the official package whose declarations are taken. */
const oldestOfficialMinor = 58;

/** Resolves imports as the bundler does, and the SDK's two names to the package that came with the host. */
export class ModuleResolver {
  readonly #files: FileSystem;
  readonly #root: string;
  readonly #sdkPath: string;
  readonly #host: ts.ModuleResolutionHost;
  readonly #canonical: (path: string) => string;
  #cache: ts.ModuleResolutionCache | undefined;
  #cachedFor: ts.CompilerOptions | undefined;
  #exports: ReadonlyMap<string, readonly string[]> | undefined;
  readonly #modules = new Map<string, string>();
  readonly #mapped = new Set<string>();
  /** Folders of packages that the SDK's names resolved to: a workspace's links lead anywhere. */
  readonly #packages = new Set<string>();

  constructor(files: FileSystem, host: ts.ModuleResolutionHost, root: string, sdkPath: string, caseSensitive: boolean) {
    this.#files = files;
    this.#host = host;
    this.#root = root;
    this.#sdkPath = sdkPath;
    this.#canonical = caseSensitive ? (path) => path : (path) => path.toLowerCase();
  }

  /** The SDK's modules found so far: file → the module's name within its package ("api", "" for the package itself). */
  get sdkModules(): ReadonlyMap<string, string> {
    return this.#modules;
  }

  /** Specifiers that the mapping resolved, rather than node_modules. */
  get mappedImports(): ReadonlySet<string> {
    return this.#mapped;
  }

  /** Forgets resolutions, because files came or went. */
  reset(): void {
    this.#cache = undefined;
    this.#exports = undefined;
  }

  /** The cache that the compiler's own resolutions may share. */
  cacheFor(options: ts.CompilerOptions): ts.ModuleResolutionCache {
    if (this.#cache === undefined || this.#cachedFor !== options) {
      this.#cache = ts.createModuleResolutionCache(this.#root, this.#canonical, options);
      this.#cachedFor = options;
    }
    return this.#cache;
  }

  resolve(
    literal: ts.StringLiteralLike,
    from: ts.SourceFile,
    options: ts.CompilerOptions,
    redirected: ts.ResolvedProjectReference | undefined,
  ): ts.ResolvedModuleWithFailedLookupLocations {
    const specifier = literal.text;
    const generated = generatedModule(this.#root, specifier);
    if (generated !== undefined) {
      return {
        resolvedModule: { resolvedFileName: generated, extension: ts.Extension.Dts, isExternalLibraryImport: false },
      };
    }
    const mode = ts.getModeForUsageLocation(from, literal, options);
    const cache = this.cacheFor(options);
    const found = ts.resolveModuleName(specifier, from.fileName, options, this.#host, cache, redirected, mode);
    const module = sdkModuleName(specifier);
    if (module === undefined) return found;
    if (found.resolvedModule !== undefined && !isOutdated(found.resolvedModule.packageId)) {
      this.#modules.set(found.resolvedModule.resolvedFileName, module);
      this.#packages.add(this.#packageOf(found.resolvedModule.resolvedFileName));
      return found;
    }
    const file = this.#sdkFile(module);
    if (file === undefined) return found;
    this.#modules.set(file, module);
    this.#mapped.add(specifier);
    const extension = file.endsWith(".d.ts") ? ts.Extension.Dts : ts.Extension.Ts;
    return { ...found, resolvedModule: { resolvedFileName: file, extension, isExternalLibraryImport: true } };
  }

  /** Whether a file is the SDK's, wherever it came from. */
  isSdkFile(path: string): boolean {
    return isWithin(this.#sdkPath, path) || [...this.#packages].some((folder) => isWithin(folder, path));
  }

  #packageOf(path: string): string {
    for (let folder = folderOf(path); folder !== folderOf(folder); folder = folderOf(folder)) {
      if (this.#files.fileExists(join(folder, "package.json"))) return folder;
    }
    return folderOf(path);
  }

  /** The declarations of one of the SDK's modules: what its package.json says, else its source. */
  #sdkFile(module: string): string | undefined {
    this.#exports ??= readExports(this.#files, this.#sdkPath);
    const declared = this.#exports.get(module) ?? [];
    const source = module === "" ? "index" : module;
    const candidates = [
      ...declared.map((path) => join(this.#sdkPath, path.replace(/^\.\//, ""))),
      join(this.#sdkPath, `src/${source}/index.ts`),
      join(this.#sdkPath, `src/${source}.ts`),
    ];
    return candidates.find((path) => this.#files.fileExists(path));
  }
}

/**
 * Whether the official package is of a time before what the host offers: its declarations lack much of that, and an
 * application's lock file may hold it back although the application uses what came later.
 */
function isOutdated(found: ts.PackageId | undefined): boolean {
  if (found?.name !== "encore.dev") return false;
  const [major = 0, minor = 0] = found.version.split(".").map(Number);
  return major < 1 || (major === 1 && minor < oldestOfficialMinor);
}

/** "api" of "encore.dev/api"; undefined for what isn't the SDK's. */
export function sdkModuleName(specifier: string): string | undefined {
  for (const name of sdkPackages) {
    if (specifier === name) return "";
    if (specifier.startsWith(`${name}/`)) return specifier.slice(name.length + 1);
  }
  return undefined;
}

/** The declaration files of a package's exports, by subpath. */
function readExports(files: FileSystem, folder: string): ReadonlyMap<string, readonly string[]> {
  const exports = new Map<string, readonly string[]>();
  const { config } = ts.parseConfigFileTextToJson(
    "package.json",
    files.readFile(join(folder, "package.json")) ?? "{}",
  ) as {
    config?: { exports?: Record<string, unknown> };
  };
  for (const [subpath, target] of Object.entries(config?.exports ?? {})) {
    const types = typeof target === "object" && target !== null && "types" in target ? target.types : undefined;
    if (typeof types === "string") exports.set(subpath.replace(/^\.\/?/, ""), [types]);
  }
  return exports;
}
