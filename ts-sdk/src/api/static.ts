import { endpointSymbol } from "../internal/registry.js";

/** Which files are served, and where. Values have to be literals: they are read at build time. */
export interface StaticOptions {
  /** The path: `/files/*path` serves the folder below `/files`, `/!path` whatever no endpoint answers. */
  path?: string;
  /** Whether clients may fetch them. Default: false. */
  expose?: boolean;
  /** Whether a request needs valid credentials. Default: false. */
  auth?: boolean;
  /** The folder, relative to the file that declares it. */
  dir: string;
  /** The file that is sent in place of one that isn't there, relative to the file that declares it. */
  notFound?: string;
  /** The status that `notFound` is sent with. Default: 404. */
  notFoundStatus?: number;
  /** Headers that every file is sent with. */
  headers?: Record<string, string | string[]>;
}

/** Files that the host serves by itself. */
export class StaticAssets {
  /** What they were declared with. */
  readonly options: StaticOptions;

  constructor(options: StaticOptions) {
    this.options = options;
    Object.defineProperty(this, endpointSymbol, { value: { options, kind: "static" } });
  }
}

/** Declares files that are served as they are, without a line of JavaScript running. */
export function staticAssets(options: StaticOptions): StaticAssets {
  return new StaticAssets(options);
}
