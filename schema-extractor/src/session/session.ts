import { ApplicationView, compilerVersion } from "../checker/application-view.ts";
import { reportCompilerDiagnostics } from "../checker/compiler-diagnostics.ts";
import { type CheckedProgram, ProgramFactory } from "../checker/program.ts";
import { DiagnosticList } from "../diagnostics/diagnostic-list.ts";
import { applicationName } from "../discovery/application-name.ts";
import { discoverApplication } from "../discovery/application.ts";
import { EndpointMemory } from "../discovery/endpoint-memory.ts";
import { emitArtifact } from "../emit/artifact.ts";
import { EmittedTypes } from "../emit/emitted-types.ts";
import { CachedFiles } from "../files/cached-files.ts";
import type { FileSystem } from "../files/file-system.ts";
import { compareText, isWithin } from "../files/paths.ts";
import type { CheckResult, OpenRequest } from "../isolate/protocol.ts";
import type { ApplicationModel } from "../model/application-model.ts";

/** A check's result, with the artifact as bytes. */
export interface Extraction extends Omit<CheckResult, "artifact"> {
  readonly artifact: Uint8Array | null;
}

/** Extracts an application, again and again while it is edited. */
export class Session {
  readonly #request: Omit<OpenRequest, "protocol">;
  readonly #files: CachedFiles;
  readonly #programs: ProgramFactory;
  readonly #memory = new EndpointMemory();
  readonly #emitted = new EmittedTypes();
  #checkedBefore = false;

  constructor(request: Omit<OpenRequest, "protocol">, files: FileSystem) {
    const { root, sdkPath, libPath, entry, caseSensitive = true } = request;
    this.#request = request;
    this.#files = new CachedFiles(files);
    this.#programs = new ProgramFactory(this.#files, { root, sdkPath, libPath, caseSensitive }, entry);
  }

  /** @param changes what has changed since the last check; undefined: anything may have */
  check(changes?: readonly string[]): Extraction {
    const structureChanged = this.#checkedBefore && this.#files.invalidate(changes);
    this.#checkedBefore = true;
    const diagnostics = new DiagnosticList();
    const started = Date.now();
    const checked = this.#programs.create(structureChanged);
    const read = Date.now();
    reportCompilerDiagnostics(checked, diagnostics);
    const compiled = Date.now();
    const model = this.#discover(checked, diagnostics);
    const { generator } = this.#request;
    const artifact = diagnostics.hasErrors ? null : emitArtifact(model, generator, compilerVersion, this.#emitted);
    return {
      diagnostics: diagnostics.sorted(),
      artifact,
      name: model.name,
      modules: [...model.modules],
      inputs: this.#inputs(checked),
      folders: [...checked.folders],
      generated: [...checked.generated].map(([path, text]) => ({ path, text })),
      configFile: checked.config.configFile ?? null,
      sdkImports: [...checked.host.resolver.mappedImports].sort(compareText),
      timings: { program: read - started, check: compiled - read, extract: Date.now() - compiled },
    };
  }

  #discover(checked: CheckedProgram, diagnostics: DiagnosticList): ApplicationModel {
    const { root, entry } = this.#request;
    if (entry !== undefined && !this.#files.fileExists(entry)) {
      diagnostics.report("entry-missing", null, { message: `There is no file ${entry}.` });
    }
    const model = discoverApplication(
      new ApplicationView(checked),
      diagnostics,
      root,
      applicationName(root, this.#files),
      this.#memory,
    );
    if (model.endpoints.length === 0 && model.subscriptions.length === 0 && !diagnostics.hasErrors) {
      diagnostics.report("application-empty", null, {
        severity: "warning",
        message: "The application declares no endpoint.",
        help: 'Export one: export const hello = api({ expose: true }, async () => …), with api from "encore.dev/api".',
      });
    }
    return model;
  }

  /** What the result depends on, but for what came with the host. */
  #inputs(checked: CheckedProgram): string[] {
    const { sdkPath, libPath } = this.#request;
    const compiled = checked.program.getSourceFiles().map((file) => file.fileName);
    const configuration = this.#files
      .readFiles()
      .filter((path) => path.endsWith(".json") || path.endsWith("/encore.app"));
    return [...new Set([...compiled, ...configuration])]
      .filter((path) => !isWithin(sdkPath, path) && !isWithin(libPath, path) && !checked.generated.has(path))
      .sort(compareText);
  }
}
