/** The names in a folder. */
export interface Listing {
  readonly files: readonly string[];
  readonly directories: readonly string[];
}

/** Where sources come from: the disk, the host's functions, or a test's map. Paths as in `paths.ts`. */
export interface FileSystem {
  /** The file's text without a BOM; undefined where it can't be read. */
  readFile(path: string): string | undefined;
  fileExists(path: string): boolean;
  directoryExists(path: string): boolean;
  /** Empty where the folder can't be read. */
  listDirectory(path: string): Listing;
  /** The path with links resolved; the path itself where that fails. */
  realpath(path: string): string;
}
