import ts from "typescript";
import type { CachedFiles } from "../files/cached-files.ts";
import { baseName, folderOf, isWithin, join } from "../files/paths.ts";
import { ModuleResolver } from "./module-resolver.ts";

/** Where the compiler finds things. */
export interface ProgramPlaces {
  readonly root: string;
  readonly sdkPath: string;
  readonly libPath: string;
  readonly caseSensitive: boolean;
}

type VersionedSourceFile = ts.SourceFile & { version: string };

/** Lib files parsed once in the life of the isolate: they never change. */
const libraries = new Map<string, ts.SourceFile>();

/** What the compiler asks of the outside. Never writes; keeps the parsed files whose text stays the same. */
export class ProgramHost implements ts.CompilerHost {
  readonly resolver: ModuleResolver;
  /** Whether files came or went since the last program, so that old resolutions don't hold. */
  structureChanged = false;
  /** Not a method: the compiler calls it without its object. */
  readonly hasInvalidatedResolutions = (): boolean => this.structureChanged;
  readonly #files: CachedFiles;
  readonly #places: ProgramPlaces;
  readonly #parsed = new Map<string, { revision: number; file: VersionedSourceFile }>();

  constructor(files: CachedFiles, places: ProgramPlaces) {
    this.#files = files;
    this.#places = places;
    this.resolver = new ModuleResolver(files, this, places.root, places.sdkPath, places.caseSensitive);
  }

  getSourceFile(path: string, version: ts.ScriptTarget | ts.CreateSourceFileOptions): ts.SourceFile | undefined {
    const isLibrary = isWithin(this.#places.libPath, path);
    const key = `${path}\n${formatKey(version)}`;
    const library = isLibrary ? libraries.get(key) : undefined;
    if (library !== undefined) return library;
    const text = this.#files.readFile(path);
    if (text === undefined) return undefined;
    const revision = this.#files.revisionOf(path);
    const known = this.#parsed.get(key);
    if (known?.revision === revision) return known.file;
    const file = ts.createSourceFile(path, text, version) as VersionedSourceFile;
    file.version = String(revision);
    if (isLibrary) libraries.set(key, file);
    else this.#parsed.set(key, { revision, file });
    return file;
  }

  /** The declarations of the isolate's globals, for applications without @types/node. */
  globalsFile(): string | undefined {
    const candidates = [
      join(this.#places.sdkPath, "dist/globals.d.ts"),
      join(this.#places.sdkPath, "src/globals.d.ts"),
    ];
    return candidates.find((path) => this.#files.fileExists(path));
  }

  /** Whether a file is among the isolate's globals, which are split into several. */
  isGlobals(path: string): boolean {
    const globals = this.globalsFile();
    if (globals === undefined) return false;
    return path === globals || isWithin(join(folderOf(globals), "globals"), path);
  }

  /** Whether a file lies in the application's folder, and not in its packages. */
  isOwn(path: string): boolean {
    return isWithin(this.#places.root, path) && !path.includes("/node_modules/");
  }

  /** Whether the application can see a package of ambient types. */
  hasTypes(name: string): boolean {
    for (let folder = this.#places.root; ; folder = folderOf(folder)) {
      if (this.#files.directoryExists(join(folder, `node_modules/@types/${name}`))) return true;
      if (folder === folderOf(folder)) return false;
    }
  }

  resolveModuleNameLiterals(
    literals: readonly ts.StringLiteralLike[],
    _from: string,
    redirected: ts.ResolvedProjectReference | undefined,
    options: ts.CompilerOptions,
    file: ts.SourceFile,
  ): readonly ts.ResolvedModuleWithFailedLookupLocations[] {
    return literals.map((literal) => this.resolver.resolve(literal, file, options, redirected));
  }

  fileExists(path: string): boolean {
    return this.#files.fileExists(path);
  }

  readFile(path: string): string | undefined {
    return this.#files.readFile(path);
  }

  directoryExists(path: string): boolean {
    return this.#files.directoryExists(path);
  }

  getDirectories(path: string): string[] {
    return [...this.#files.listDirectory(path).directories];
  }

  realpath(path: string): string {
    return this.#files.realpath(path);
  }

  getDefaultLibFileName(options: ts.CompilerOptions): string {
    return join(this.#places.libPath, baseName(ts.getDefaultLibFileName(options)));
  }

  getDefaultLibLocation(): string {
    return this.#places.libPath;
  }

  getCurrentDirectory(): string {
    return this.#places.root;
  }

  getCanonicalFileName(path: string): string {
    return this.#places.caseSensitive ? path : path.toLowerCase();
  }

  useCaseSensitiveFileNames(): boolean {
    return this.#places.caseSensitive;
  }

  getNewLine(): string {
    return "\n";
  }

  writeFile(): never {
    throw new Error("The extractor writes nothing.");
  }
}

/** Sources are parsed differently by language version and module format; the same file may be asked for in several. */
function formatKey(version: ts.ScriptTarget | ts.CreateSourceFileOptions): string {
  return typeof version === "number"
    ? String(version)
    : `${version.languageVersion}/${version.impliedNodeFormat ?? ""}/${version.setExternalModuleIndicator ? "m" : ""}`;
}
