import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { FileSystem, Listing } from "../src/index.ts";

/** A folder of the disk, seen under another path. */
export interface Mount {
  readonly at: string;
  readonly folder: string;
}

/** A file system put together from folders of the disk and texts; the disk's links are not resolved, so that paths stay virtual. */
export class OverlayFiles implements FileSystem {
  /** How often a file's text was asked for. */
  reads = 0;
  readonly #mounts: readonly Mount[];
  readonly #texts: Map<string, string>;
  readonly #reverse: boolean;
  readonly #links: ReadonlyMap<string, string>;

  /**
   * @param options.reverse lists folders from the last name to the first
   * @param options.links virtual links: path → where it leads
   */
  constructor(
    mounts: readonly Mount[],
    texts: Readonly<Record<string, string>> = {},
    options: { reverse?: boolean; links?: ReadonlyMap<string, string> } = {},
  ) {
    // The deepest mount wins.
    this.#mounts = [...mounts].sort((left, right) => right.at.length - left.at.length);
    this.#texts = new Map(Object.entries(texts));
    this.#reverse = options.reverse ?? false;
    this.#links = options.links ?? new Map();
  }

  write(path: string, text: string): void {
    this.#texts.set(path, text);
  }

  remove(path: string): void {
    this.#texts.delete(path);
  }

  readFile(path: string): string | undefined {
    this.reads++;
    return this.#texts.get(path) ?? attempt(() => readFileSync(this.#real(path), "utf8").replace(/^\uFEFF/, ""));
  }

  fileExists(path: string): boolean {
    return this.#texts.has(path) || (attempt(() => statSync(this.#real(path)).isFile()) ?? false);
  }

  directoryExists(path: string): boolean {
    const prefix = `${path}/`;
    if ([...this.#texts.keys()].some((file) => file.startsWith(prefix))) return true;
    if (this.#virtualFolders().some((folder) => folder.startsWith(prefix))) return true;
    return attempt(() => statSync(this.#real(path)).isDirectory()) ?? false;
  }

  listDirectory(path: string): Listing {
    const files = new Set<string>();
    const directories = new Set<string>();
    for (const entry of attempt(() => readdirSync(this.#real(path), { withFileTypes: true })) ?? []) {
      (entry.isDirectory() ? directories : files).add(entry.name);
    }
    for (const below of [...this.#texts.keys(), ...this.#virtualFolders()]) {
      if (!below.startsWith(`${path}/`)) continue;
      const [name = "", ...rest] = below.slice(path.length + 1).split("/");
      if (name !== "") (rest.length > 0 ? directories : files).add(name);
    }
    const sort = (names: Set<string>): string[] => (this.#reverse ? [...names].sort().reverse() : [...names].sort());
    return { files: sort(files), directories: sort(directories) };
  }

  realpath(path: string): string {
    for (const [link, target] of this.#links) {
      if (path === link || path.startsWith(`${link}/`)) return this.realpath(target + path.slice(link.length));
    }
    return path;
  }

  /** Folders that nothing on the disk may stand for, with a slash at the end. */
  #virtualFolders(): string[] {
    return [...this.#mounts.map((mount) => mount.at), ...this.#links.keys()].map((folder) => `${folder}/`);
  }

  /** The path on the disk; one that is on no mount doesn't exist. */
  #real(virtual: string): string {
    const path = this.realpath(virtual);
    for (const mount of this.#mounts) {
      if (path === mount.at || path.startsWith(`${mount.at}/`)) return join(mount.folder, path.slice(mount.at.length));
    }
    return "/nonexistent";
  }
}

function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}
