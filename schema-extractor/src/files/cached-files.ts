import type { FileSystem, Listing } from "./file-system.ts";
import { folderOf, isWithin } from "./paths.ts";

/**
 * Remembers what the file system said until told that it changed.
 *
 * The compiler asks for the same paths over and over, and each question crosses to the host. Texts carry a revision,
 * so that a file written again with the same content counts as unchanged.
 */
export class CachedFiles implements FileSystem {
  readonly #source: FileSystem;
  readonly #texts = new Map<string, { text: string | undefined; revision: number }>();
  readonly #files = new Map<string, boolean>();
  readonly #directories = new Map<string, boolean>();
  readonly #listings = new Map<string, Listing>();
  readonly #realpaths = new Map<string, string>();
  readonly #generated = new Map<string, { text: string; revision: number }>();
  readonly #stale = new Map<string, { text: string | undefined; revision: number }>();
  #revision = 0;

  constructor(source: FileSystem) {
    this.#source = source;
  }

  readFile(path: string): string | undefined {
    return this.#entry(path).text;
  }

  /** Puts a text in the place of a file, whether there is one or not. */
  generate(path: string, text: string): void {
    if (this.#generated.get(path)?.text === text) return;
    this.#generated.set(path, { text, revision: ++this.#revision });
  }

  /** A number that grows whenever the file's text is another one than before. */
  revisionOf(path: string): number {
    return this.#entry(path).revision;
  }

  /** Every file whose text was asked for and is there. */
  readFiles(): string[] {
    return [...this.#texts].filter(([, entry]) => entry.text !== undefined).map(([path]) => path);
  }

  fileExists(path: string): boolean {
    if (this.#generated.has(path)) return true;
    return remember(this.#files, path, () => this.#source.fileExists(path));
  }

  directoryExists(path: string): boolean {
    return remember(this.#directories, path, () => this.#source.directoryExists(path));
  }

  listDirectory(path: string): Listing {
    return remember(this.#listings, path, () => this.#source.listDirectory(path));
  }

  realpath(path: string): string {
    return remember(this.#realpaths, path, () => this.#source.realpath(path));
  }

  /**
   * Forgets what may have changed.
   * @param changes paths created, changed or deleted, folders standing for all below them; undefined: anything may have
   * @returns whether a file may have come or gone, so that imports have to be resolved again
   */
  invalidate(changes: readonly string[] | undefined): boolean {
    const touched = (path: string): boolean =>
      changes === undefined || changes.some((change) => isWithin(change, path) || folderOf(change) === path);
    for (const [path, entry] of this.#texts) {
      if (!touched(path)) continue;
      this.#stale.set(path, entry);
      this.#texts.delete(path);
    }
    let structure = false;
    for (const [path, existed] of this.#files) {
      if (!touched(path)) continue;
      this.#files.delete(path);
      structure ||= this.#source.fileExists(path) !== existed;
    }
    for (const known of [this.#directories, this.#listings, this.#realpaths]) {
      for (const path of known.keys()) if (touched(path)) known.delete(path);
    }
    return structure;
  }

  #entry(path: string): { text: string | undefined; revision: number } {
    const generated = this.#generated.get(path);
    if (generated !== undefined) return generated;
    return remember(this.#texts, path, () => {
      const text = this.#source.readFile(path);
      const before = this.#stale.get(path);
      this.#stale.delete(path);
      return before !== undefined && before.text === text ? before : { text, revision: ++this.#revision };
    });
  }
}

function remember<T extends object | string | boolean>(known: Map<string, T>, path: string, ask: () => T): T {
  const before = known.get(path);
  if (before !== undefined) return before;
  const answer = ask();
  known.set(path, answer);
  return answer;
}
