import ts from "typescript";
import { declaredApplication } from "./declared-services.ts";
import { generateModules } from "../clients/generated-modules.ts";
import { applicationName, impliedServiceName } from "../discovery/application-name.ts";
import type { CachedFiles } from "../files/cached-files.ts";
import { compareText, isWithin } from "../files/paths.ts";
import { type ApplicationConfig, readApplicationConfig } from "./application-config.ts";
import { findApplicationFiles, findEntryFiles } from "./application-files.ts";
import type { SdkUse } from "./declared-resources.ts";
import { FileChanges } from "./file-changes.ts";
import { Positions } from "./positions.ts";
import { ProgramHost, type ProgramPlaces } from "./program-host.ts";

/** A checked program, and what the extractor needs to know of it. */
export interface CheckedProgram {
  readonly program: ts.Program;
  readonly checker: ts.TypeChecker;
  readonly builder: ts.SemanticDiagnosticsBuilderProgram;
  readonly config: ApplicationConfig;
  readonly positions: Positions;
  /** The application's own files, sorted by name: not its packages, the SDK or the language's library. */
  readonly sources: readonly ts.SourceFile[];
  /** Folders whose listing decided which files there are. */
  readonly folders: readonly string[];
  /** Generated modules that the application may import, by their files; empty where it imports none. */
  readonly generated: ReadonlyMap<string, string>;
  readonly host: ProgramHost;
  readonly changes: FileChanges;
  /** What is known of files that haven't changed, from check to check. */
  readonly kept: WeakMap<ts.SourceFile, readonly SdkUse[]>;
}

/** Makes programs, each from what the one before it knew. */
export class ProgramFactory {
  readonly #files: CachedFiles;
  readonly #places: ProgramPlaces;
  readonly #entry: string | undefined;
  readonly #host: ProgramHost;
  readonly #changes = new FileChanges();
  readonly #kept = new WeakMap<ts.SourceFile, readonly SdkUse[]>();
  #previous: ts.SemanticDiagnosticsBuilderProgram | undefined;
  #config: ApplicationConfig | undefined;
  #configTexts = "";

  constructor(files: CachedFiles, places: ProgramPlaces, entry: string | undefined) {
    this.#files = files;
    this.#places = places;
    this.#entry = entry;
    this.#host = new ProgramHost(files, places);
  }

  /** Reads what changed. @param structureChanged whether files came or went */
  create(structureChanged: boolean): CheckedProgram {
    const { root } = this.#places;
    this.#host.structureChanged = structureChanged;
    if (structureChanged) this.#host.resolver.reset();
    const read = readApplicationConfig(root, this.#files, this.#places.caseSensitive);
    const found =
      this.#entry === undefined
        ? findApplicationFiles(root, this.#files, read.files)
        : findEntryFiles(root, this.#files, this.#entry);
    const generated = this.#generate(found.sources);
    const { options, extraRoots } = this.#ambient(read.options);
    // The compiler compares options by identity to decide what it can reuse.
    const texts = JSON.stringify(options);
    const config =
      this.#config !== undefined && texts === this.#configTexts
        ? { ...read, options: this.#config.options }
        : { ...read, options };
    this.#config = config;
    this.#configTexts = texts;
    const roots = [...found.sources, ...extraRoots];
    const before = this.#previous?.getProgram();
    const builder = ts.createSemanticDiagnosticsBuilderProgram(
      roots,
      config.options,
      this.#host,
      this.#previous,
      config.errors,
    );
    this.#changes.update(builder, before, structureChanged);
    this.#previous = builder;
    const program = builder.getProgram();
    return {
      program,
      builder,
      config,
      checker: program.getTypeChecker(),
      positions: new Positions(root),
      sources: this.#ownSources(program),
      folders: found.folders,
      generated,
      host: this.#host,
      changes: this.#changes,
      kept: this.#kept,
    };
  }

  /** Makes the modules that are made of the application itself, where it imports them. */
  #generate(sources: readonly string[]): ReadonlyMap<string, string> {
    const { root } = this.#places;
    if (!sources.some((path) => this.#files.readFile(path)?.includes("~encore/") === true)) return new Map();
    const name = applicationName(root, this.#files);
    const application = declaredApplication(sources, this.#files, (folder) => impliedServiceName(root, folder, name));
    const modules = generateModules(root, application);
    for (const [path, text] of modules) if (path.endsWith(".d.ts")) this.#files.generate(path, text);
    return modules;
  }

  #ownSources(program: ts.Program): readonly ts.SourceFile[] {
    return program
      .getSourceFiles()
      .filter(
        (file) =>
          !file.isDeclarationFile &&
          !program.isSourceFileFromExternalLibrary(file) &&
          !file.fileName.includes("/node_modules/") &&
          !this.#host.resolver.isSdkFile(file.fileName) &&
          !isWithin(this.#places.libPath, file.fileName),
      )
      .sort((left, right) => compareText(left.fileName, right.fileName));
  }

  /** The ambient types: @types packages where they are installed, else the isolate's globals. */
  #ambient(options: ts.CompilerOptions): { options: ts.CompilerOptions; extraRoots: readonly string[] } {
    const hasNode = this.#host.hasTypes("node");
    // Since version 6 the compiler takes no @types packages unless told to; applications written before rely on them.
    const types = (options.types ?? ["*"]).filter((name) => name !== "node" || hasNode);
    if (hasNode) return { options: { ...options, types }, extraRoots: [] };
    const globals = this.#host.globalsFile();
    if (globals !== undefined) {
      const lib = options.lib ?? ["lib.esnext.d.ts"];
      return { options: { ...options, types, lib }, extraRoots: [globals] };
    }
    const lib = [...new Set([...(options.lib ?? ["lib.esnext.d.ts"]), "lib.dom.d.ts"])];
    return { options: { ...options, types, lib }, extraRoots: [] };
  }
}
