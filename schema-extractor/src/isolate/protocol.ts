/**
 * The seam between the host and the extractor when it runs inside a bare isolate.
 *
 * The host evaluates `dist/extractor.js` (one classic script) once, after it set `globalThis.__compiler` to an object
 * with the functions of {@link CompilerFiles}; the script then has set `globalThis.extractor` to an {@link Extractor}.
 * Everything is synchronous, on the isolate's thread. Texts that cross are JSON of the shapes below; the artifact's
 * bytes cross as base64.
 *
 * Paths are absolute with `/` between parts on every system (`/srv/app/a.ts`, `C:/app/a.ts`), without a trailing slash.
 */

/** The version of this protocol; a request with another one is refused with an exception. */
export const protocolVersion = 1;

/** What the host gives: reading files, nothing else. The extractor never writes. */
export interface CompilerFiles {
  /** The file's text decoded from UTF-8 (or UTF-16 with a BOM), without its BOM; null where it can't be read. */
  readFile(path: string): string | null;
  /** Whether a file (or a link to one) is there. */
  fileExists(path: string): boolean;
  /** Whether a folder (or a link to one) is there. */
  directoryExists(path: string): boolean;
  /** JSON `{"files": string[], "directories": string[]}`: names only, in any order; empty lists where unreadable. */
  listDirectory(path: string): string;
  /** The path with all links resolved, or the path itself where that fails. */
  realpath(path: string): string;
}

/** What the script offers: `globalThis.extractor`. A thrown exception is a bug of the extractor or the caller. */
export interface Extractor {
  /** {@link protocolVersion}. */
  readonly protocol: number;
  /** Bundled TypeScript compiler's version, such as "6.0.3". */
  readonly typescriptVersion: string;
  /** Opens, checks and closes in one call. Takes JSON of {@link OpenRequest}, gives JSON of {@link CheckResult}. */
  run(request: string): string;
  /** Opens a session that keeps its program warm between checks. Takes JSON of {@link OpenRequest}; gives its id. */
  open(request: string): number;
  /**
   * Checks and extracts. The first call reads everything.
   * @param changes JSON array of the absolute paths created, changed or deleted since the last call (folders count for
   * everything below them), or "" where unknown: then every file is read again and compared
   * @returns JSON of {@link CheckResult}
   */
  check(session: number, changes: string): string;
  /** Forgets a session; its memory is free for collection. */
  close(session: number): void;
}

/** What to extract. A member that is null counts as left out. */
export interface OpenRequest {
  /** {@link protocolVersion}. */
  protocol: number;
  /** The application's folder. Names and positions in the results are relative to it. */
  root: string;
  /** One file (.ts, .tsx, .mts, .cts, .js, .jsx, .mjs, .cjs) to start from, in place of everything in the folder. */
  entry?: string;
  /**
   * The folder of the `encore-host` package (the one with its package.json): `encore.dev/*` and `encore-host/*` resolve
   * to it, unless the application has the official `encore.dev` (or its own `encore-host`) in node_modules.
   * `<sdkPath>/dist/globals.d.ts`, else `<sdkPath>/src/globals.d.ts`, declares the runtime's globals where
   * @types/node isn't installed; lib.dom does where neither is there.
   */
  sdkPath: string;
  /** The folder of TypeScript's `lib.*.d.ts` (`dist/lib` beside extractor.js). */
  libPath: string;
  /** What goes into the artifact as its generator, such as "encore-host 0.1.0". */
  generator: string;
  /** Whether `A.ts` and `a.ts` are two files; true where left out. */
  caseSensitive?: boolean;
}

/** What a check gives. */
export interface CheckResult {
  /** Everything found, errors and warnings, sorted by file and position. */
  diagnostics: Diagnostic[];
  /** Base64 of `Application` (application.proto) without `build.bundle_sha256`; null where any diagnostic is an error. */
  artifact: string | null;
  /** The application's name, as in the artifact. */
  name: string;
  /** Modules that declare a resource, relative to the root, sorted: what the bundle's entry imports and binds. */
  modules: string[];
  /**
   * Every file the result depends on: sources, declarations, tsconfig and package.json files; absolute, sorted.
   * Lib files and the SDK's are not among them. The key of a cache by content, and what to watch.
   */
  inputs: string[];
  /** The folders whose listing decides what belongs to the application; absolute, sorted. Empty with an entry file. */
  folders: string[];
  /** Declarations of modules that are made of the application itself (`~encore/clients`), for editors; empty where it imports none. */
  generated: GeneratedFile[];
  /** The tsconfig.json in use, absolute, or null; the bundler should read the same. */
  configFile: string | null;
  /** Import specifiers that resolve to the SDK through the extractor's own mapping (not node_modules), sorted. */
  sdkImports: string[];
  /** Milliseconds spent, for a `--timings` view. All 0 where the isolate has no clock finer than `Date.now`. */
  timings: { program: number; check: number; extract: number };
}

/** A file that the host may write. */
export interface GeneratedFile {
  /** Absolute. */
  path: string;
  text: string;
}

/** How bad it is. A warning does not keep the artifact from being written. */
export type Severity = "error" | "warning";

/** A stretch of a file. Lines and columns are 1-based and count UTF-16 units; the end is exclusive. */
export interface Span {
  /** Relative to the root with `/`; absolute for files outside it. */
  file: string;
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
}

/** One finding. */
export interface Diagnostic {
  severity: Severity;
  /** "TS2322" for the compiler's own; a word such as "endpoint-not-exported" for the extractor's. */
  code: string;
  /** Where; null for findings about the whole application. */
  span: Span | null;
  /** The offending member, such as "CreatePost.author.callback"; null where no member is concerned. */
  member: string | null;
  /** What is wrong and why; may have several lines. */
  message: string;
  /** A way out; null where the message says it all. */
  help: string | null;
  /** Other places that belong to it. */
  related: RelatedPlace[];
}

/** Another place a diagnostic speaks of. */
export interface RelatedPlace {
  span: Span;
  message: string;
}
