import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { fromBinary, toJson } from "@bufbuild/protobuf";
import { ApplicationSchema } from "../generated/application_pb.js";
import { type Extraction, Session } from "../src/index.ts";
import { type Mount, OverlayFiles } from "./overlay-files.ts";

/** The package's folder; tests run from dist/test. */
export const home = findHome(dirname(fileURLToPath(import.meta.url)));
export const sdkPath = "/opt/encore-host";
export const libPath = "/opt/lib";
export const generator = "encore-host 0.0.0-test";
const testdata = join(home, "testdata");

/** What a case's `case.json` may say. */
interface CaseSettings {
  /** The entry file, in place of the whole folder. */
  readonly entry?: string;
  /**
   * Packages to put into the application's node_modules: name → name of the package as installed here, or the folder of
   * the case that stands for one ("./vendor/toolkit").
   */
  readonly packages?: Readonly<Record<string, string>>;
  /** The application's folder within the case: a workspace has more than one. */
  readonly root?: string;
  /** Links, as a workspace's installation makes them: path → the folder it leads to, both relative to the case. */
  readonly links?: Readonly<Record<string, string>>;
}

/** A folder of testdata: an application, and what comes of it. */
export interface ExtractionCase {
  readonly name: string;
  readonly folder: string;
  readonly settings: CaseSettings;
}

export function findCases(): ExtractionCase[] {
  return readdirSync(testdata, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => readCase(entry.name))
    .sort((left, right) => (left.name < right.name ? -1 : 1));
}

export function readCase(name: string): ExtractionCase {
  const folder = join(testdata, name);
  const file = join(folder, "case.json");
  const settings = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as CaseSettings) : {};
  return { name, folder, settings };
}

/** The file system of a case, with its folder at `root`. */
export function filesOf(one: ExtractionCase, root: string, options: { reverse?: boolean } = {}): OverlayFiles {
  const packages = Object.entries(one.settings.packages ?? {}).map(([name, installed]): Mount => ({
    at: `${root}/node_modules/${name}`,
    folder: installed.startsWith("./") ? join(one.folder, installed) : packageFolder(installed),
  }));
  const links = new Map(
    Object.entries(one.settings.links ?? {}).map(([path, target]) => [`${root}/${path}`, `${root}/${target}`]),
  );
  return new OverlayFiles([{ at: root, folder: one.folder }, ...packages, ...hostMounts()], {}, { ...options, links });
}

/** The SDK and the language's library. */
export function hostMounts(): Mount[] {
  return [
    // The sources only: what the SDK builds comes and goes while others work on it.
    { at: `${sdkPath}/src`, folder: join(home, "../ts-sdk/src") },
    { at: libPath, folder: join(home, "dist/lib") },
  ];
}

/** The request for a case. */
export function requestOf(one: ExtractionCase, root: string) {
  const { entry } = one.settings;
  const application = one.settings.root === undefined ? root : `${root}/${one.settings.root}`;
  return {
    root: application,
    sdkPath,
    libPath,
    generator,
    ...(entry === undefined ? {} : { entry: `${root}/${entry}` }),
  };
}

export function extract(
  one: ExtractionCase,
  root = `/srv/${one.name}`,
  options: { reverse?: boolean } = {},
): Extraction {
  return new Session(requestOf(one, root), filesOf(one, root, options)).check();
}

/** Extracts an application that is written down in the test. */
export function extractTexts(texts: Readonly<Record<string, string>>): Extraction {
  const root = "/srv/app";
  const files = new OverlayFiles(hostMounts(), prefixed(root, texts));
  return new Session({ root, sdkPath, libPath, generator }, files).check();
}

export function prefixed(root: string, texts: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [`${root}/${name}`, text]));
}

/** A result as goldens have it. */
export function readable(extraction: Extraction): unknown {
  const { artifact, diagnostics, modules } = extraction;
  return { diagnostics, modules, artifact: artifact === null ? null : decode(artifact) };
}

/** An artifact without what depends on the compiler's version. */
export function decode(artifact: Uint8Array): unknown {
  const application = fromBinary(ApplicationSchema, artifact);
  const {
    build: _,
    types = [],
    ...rest
  } = toJson(ApplicationSchema, application) as { build?: unknown; types?: object[] };
  // A type's number is its index; written out, goldens can be read.
  return { ...rest, types: types.map((type, id) => ({ id, ...type })) };
}

export function packageFolder(name: string): string {
  for (const base of [home, join(home, "..")]) {
    const folder = join(base, "node_modules", name);
    if (existsSync(folder)) return folder;
  }
  throw new Error(`The package ${name} is not installed: run npm install in the repository's root.`);
}

function findHome(folder: string): string {
  return existsSync(join(folder, "testdata")) ? folder : findHome(dirname(folder));
}
