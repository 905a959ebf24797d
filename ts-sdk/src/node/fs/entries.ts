type Kind = "file" | "directory" | "link";

/** What the host says of a file. */
export interface StatusValue {
  kind: Kind;
  mode: number;
  size: number;
  atimeMs: number;
  mtimeMs: number;
  ctimeMs: number;
  birthtimeMs: number;
}

class Entry {
  readonly #kind: Kind;

  constructor(kind: Kind) {
    this.#kind = kind;
  }

  isFile(): boolean {
    return this.#kind === "file";
  }

  isDirectory(): boolean {
    return this.#kind === "directory";
  }

  isSymbolicLink(): boolean {
    return this.#kind === "link";
  }

  isBlockDevice(): boolean {
    return false;
  }

  isCharacterDevice(): boolean {
    return false;
  }

  isFIFO(): boolean {
    return false;
  }

  isSocket(): boolean {
    return false;
  }
}

// Node rounds.
const dateOf = (milliseconds: number): Date => new Date(milliseconds + 0.5);

/** https://nodejs.org/api/fs.html#class-fsstats, without the numbers that only one system has. */
export class Stats extends Entry {
  readonly mode: number;
  readonly size: number;
  readonly atimeMs: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly birthtimeMs: number;

  constructor(value: StatusValue) {
    super(value.kind);
    this.mode = value.mode;
    this.size = value.size;
    this.atimeMs = value.atimeMs;
    this.mtimeMs = value.mtimeMs;
    this.ctimeMs = value.ctimeMs;
    this.birthtimeMs = value.birthtimeMs;
  }

  get atime(): Date {
    return dateOf(this.atimeMs);
  }

  get mtime(): Date {
    return dateOf(this.mtimeMs);
  }

  get ctime(): Date {
    return dateOf(this.ctimeMs);
  }

  get birthtime(): Date {
    return dateOf(this.birthtimeMs);
  }
}

/** https://nodejs.org/api/fs.html#class-fsdirent */
export class Dirent extends Entry {
  readonly name: string;
  readonly parentPath: string;

  constructor(name: string, parentPath: string, kind: Kind) {
    super(kind);
    this.name = name;
    this.parentPath = parentPath;
  }

  /** The older name of {@link parentPath}. */
  get path(): string {
    return this.parentPath;
  }
}

/** Of `[[name relative to the folder, kind], …]`. */
export function entriesOf(value: unknown, folder: string, withTypes: boolean): (string | Dirent)[] {
  const entries = value as [string, Kind][];
  if (!withTypes) return entries.map(([name]) => name);
  const base = folder.endsWith("/") ? folder.slice(0, -1) : folder;
  return entries.map(([path, kind]) => {
    const slash = path.lastIndexOf("/");
    const parent = slash < 0 ? folder : `${base}/${path.slice(0, slash)}`;
    return new Dirent(path.slice(slash + 1), parent, kind);
  });
}
