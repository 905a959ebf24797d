import ts from "typescript";
import type { FileSystem } from "../files/file-system.ts";
import { join } from "../files/paths.ts";
import { matchFiles, parseDiagnosticsOf } from "./compiler-internals.ts";

/** The compiler's options for an application, and which of its files they are for. */
export interface ApplicationConfig {
  readonly options: ts.CompilerOptions;
  /** The tsconfig.json they come from. */
  readonly configFile: string | undefined;
  /** The files that the tsconfig.json names or matches; undefined where there is none. */
  readonly files: readonly string[] | undefined;
  /** Whether JavaScript is type-checked because the application asks for it. */
  readonly checksJavaScript: boolean;
  readonly errors: readonly ts.Diagnostic[];
}

/** What holds whatever the application's own configuration says: it is checked here, and bundled by another tool. */
const forced: ts.CompilerOptions = {
  noEmit: true,
  skipLibCheck: true,
  allowImportingTsExtensions: true,
  allowJs: true,
  resolveJsonModule: true,
  // Configurations written for earlier compilers are fine: what 6 deprecates concerns emit and resolution, both set here.
  ignoreDeprecations: "6.0",
  composite: false,
  incremental: false,
  declaration: false,
  declarationMap: false,
  emitDeclarationOnly: false,
  noEmitOnError: false,
};

/** Results of a build, which a bundle is not: they bring demands on where files lie and what they hold. */
const dropped = ["rootDir", "outDir", "outFile", "tsBuildInfoFile", "erasableSyntaxOnly"];

const defaults: ts.CompilerOptions = {
  strict: true,
  target: ts.ScriptTarget.ESNext,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  moduleDetection: ts.ModuleDetectionKind.Force,
  esModuleInterop: true,
  jsx: ts.JsxEmit.ReactJSX,
  useDefineForClassFields: true,
  experimentalDecorators: false,
};

/** Reads the application's tsconfig.json, or gives the defaults where it has none. */
export function readApplicationConfig(root: string, files: FileSystem, caseSensitive: boolean): ApplicationConfig {
  const configFile = join(root, "tsconfig.json");
  if (!files.fileExists(configFile)) {
    return {
      options: { ...defaults, ...forced, checkJs: true },
      configFile: undefined,
      files: undefined,
      checksJavaScript: false,
      errors: [],
    };
  }
  const source = ts.readJsonConfigFile(configFile, (path) => files.readFile(path));
  const host: ts.ParseConfigHost = {
    useCaseSensitiveFileNames: caseSensitive,
    fileExists: (path) => files.fileExists(path),
    readFile: (path) => files.readFile(path),
    readDirectory: (path, extensions, excludes, includes, depth) =>
      matchFiles(
        path,
        extensions,
        excludes,
        includes,
        caseSensitive,
        root,
        depth,
        (folder) => files.listDirectory(folder),
        (link) => files.realpath(link),
      ),
  };
  const parsed = ts.parseJsonSourceFileConfigFileContent(source, host, root, undefined, configFile);
  return {
    options: compatible(parsed.options),
    configFile,
    // A tsconfig.json that was made for an editor's sake may match no file of an application in plain JavaScript.
    files: parsed.fileNames.some((file) => !/\.d\.[cm]?ts$/.test(file)) ? parsed.fileNames : undefined,
    checksJavaScript: parsed.options.checkJs === true,
    errors: [...parseDiagnosticsOf(source), ...parsed.errors].filter((error) => error.code !== noInputsFound),
  };
}

/** TS18003: an application without any file gets a diagnostic of its own. */
const noInputsFound = 18003;

function compatible(own: ts.CompilerOptions): ts.CompilerOptions {
  const options: ts.CompilerOptions = { ...own, ...forced, checkJs: own.checkJs ?? true };
  for (const name of dropped) Reflect.deleteProperty(options, name);
  const resolution = options.moduleResolution ?? ts.ModuleResolutionKind.Bundler;
  // The bundler resolves like a bundler; older ways don't see a package's exports.
  if (resolution < ts.ModuleResolutionKind.Node16) options.moduleResolution = ts.ModuleResolutionKind.Bundler;
  const bundler = (options.moduleResolution ?? resolution) === ts.ModuleResolutionKind.Bundler;
  const module = options.module ?? ts.ModuleKind.ESNext;
  if (bundler && module < ts.ModuleKind.ES2015) options.module = ts.ModuleKind.ESNext;
  if ((options.target ?? ts.ScriptTarget.ESNext) < ts.ScriptTarget.ES2022) options.target = ts.ScriptTarget.ES2022;
  if (bundler) options.module ??= ts.ModuleKind.ESNext;
  options.jsx ??= ts.JsxEmit.ReactJSX;
  options.esModuleInterop ??= true;
  return options;
}
