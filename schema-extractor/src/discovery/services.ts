import type { ApplicationView } from "../checker/application-view.ts";
import type { SdkUse } from "../checker/declared-resources.ts";
import type { DiagnosticList } from "../diagnostics/diagnostic-list.ts";
import { compareText, folderOf, isWithin, relativePath } from "../files/paths.ts";
import type { ExportModel, ServiceModel } from "../model/application-model.ts";
import { impliedServiceName } from "./application-name.ts";
import { reportAt } from "./discovery-context.ts";
import { declaresService } from "./resource-kinds.ts";

const validName = /^[A-Za-z][A-Za-z0-9_-]*$/;

/** Which service each file belongs to. */
export class ServiceMap {
  /** By absolute folder. */
  readonly #byFolder: ReadonlyMap<string, ServiceModel>;

  constructor(byFolder: ReadonlyMap<string, ServiceModel>) {
    this.#byFolder = byFolder;
  }

  /** All services, sorted by name. */
  get all(): readonly ServiceModel[] {
    return [...this.#byFolder.values()].sort((left, right) => compareText(left.name, right.name));
  }

  /** The service of the nearest folder around a file. */
  of(path: string): ServiceModel | undefined {
    for (let folder = folderOf(path); ; folder = folderOf(folder)) {
      const service = this.#byFolder.get(folder);
      if (service !== undefined || folder === folderOf(folder)) return service;
    }
  }
}

interface ServiceInput {
  readonly view: ApplicationView;
  readonly diagnostics: DiagnosticList;
  readonly root: string;
  readonly applicationName: string;
  readonly uses: readonly SdkUse[];
}

/**
 * Finds the services: folders with an `encore.service` file, and for endpoints outside them the outermost folder that
 * declares any. The root (or `src` in it) is called like the application, other folders lend their own names.
 */
export function findServices(input: ServiceInput): ServiceMap {
  const services = new Map<string, ServiceModel>();
  const declared = input.uses.filter((use) => use.sdk.module === "service" && use.sdk.name === "Service");
  for (const use of declared) readDeclared(input, use, services);
  reportEmptyServiceFiles(input, declared);
  const explicit = new ServiceMap(services);
  const folders = input.uses
    .filter((use) => declaresService(use.sdk) && explicit.of(use.file) === undefined)
    .map((use) => folderOf(use.file));
  for (const folder of outermost(folders)) {
    services.set(folder, {
      name: impliedServiceName(input.root, folder, input.applicationName),
      folder: relativePath(input.root, folder),
      span: null,
      doc: "",
      exported: null,
    });
  }
  reportDuplicates(input, services);
  return new ServiceMap(services);
}

function readDeclared(input: ServiceInput, use: SdkUse, services: Map<string, ServiceModel>): void {
  const [argument] = use.arguments;
  if (argument === undefined) return;
  const evaluated = input.view.constants.evaluate(argument);
  if (!evaluated.known || typeof evaluated.value !== "string") {
    reportAt(input, argument, "service-invalid", {
      message: "A service's name has to be known at build time.",
      help: 'Write it as a literal: new Service("blog").',
    });
    return;
  }
  const name = evaluated.value;
  if (!validName.test(name)) {
    reportAt(input, argument, "service-invalid", {
      message: `"${name}" can't be a service's name: it becomes part of paths and of other programs' identifiers.`,
      help: "Use letters, digits, - and _, and start with a letter.",
    });
    return;
  }
  const source = input.view.sources.find((candidate) => candidate.path === use.file);
  if (source?.isServiceFile !== true) {
    reportAt(input, use.node, "service-invalid", {
      message: "A service is declared in a file of its own, whose folder is the service.",
      help: `Move it to ${relativePath(input.root, folderOf(use.file)) || "."}/encore.service.ts, as the default export.`,
    });
    return;
  }
  services.set(folderOf(use.file), {
    name,
    folder: relativePath(input.root, folderOf(use.file)),
    span: input.view.spanOf(use.node),
    doc: use.doc,
    exported: exportOfService(input, use),
  });
}

/** Where the host finds what runs around the service's endpoints. A service that nothing exports has nothing to find. */
function exportOfService(input: ServiceInput, use: SdkUse): ExportModel | null {
  const exportName = use.exports.find((name) => name === "default") ?? use.exports[0];
  return exportName === undefined ? null : { module: input.view.fileName(use.file), exportName };
}

function reportEmptyServiceFiles(input: ServiceInput, declared: readonly SdkUse[]): void {
  for (const source of input.view.sources) {
    if (!source.isServiceFile || declared.some((use) => use.file === source.path)) continue;
    const span = { file: source.name, line: 1, column: 1, endLine: 1, endColumn: 1 };
    input.diagnostics.report("service-invalid", span, {
      message: "This file is named as a service's, and declares none.",
      help: 'Add: export default new Service("name"), with Service from "encore.dev/service".',
    });
  }
}

/** The folders that lie in none of the others. */
function outermost(folders: readonly string[]): readonly string[] {
  const all = [...new Set(folders)];
  return all.filter((folder) => !all.some((other) => other !== folder && isWithin(other, folder)));
}

function reportDuplicates(input: ServiceInput, services: ReadonlyMap<string, ServiceModel>): void {
  const byName = new Map<string, ServiceModel>();
  for (const service of [...services.values()].sort((left, right) => compareText(left.folder, right.folder))) {
    const first = byName.get(service.name);
    if (first === undefined) {
      byName.set(service.name, service);
      continue;
    }
    const declared = service.span ?? first.span;
    input.diagnostics.report("service-duplicate", declared, {
      message: `Two services are called "${service.name}": the folders ${shown(first)} and ${shown(service)}.`,
      help:
        declared === null
          ? 'Give one of them another name: new Service("other") in its encore.service.ts.'
          : "Give one of them another name.",
      related: service.span !== null && first.span !== null ? [{ span: first.span, message: "The other one." }] : [],
    });
  }
}

function shown(service: ServiceModel): string {
  return service.folder === "" ? "." : service.folder;
}
