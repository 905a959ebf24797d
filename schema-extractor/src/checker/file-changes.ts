import ts from "typescript";

/** Which files say what they said at the last check, with everything they import. */
export class FileChanges {
  /** By path; the compiler's mark of a text. */
  #versions = new Map<string, string>();
  #options: ts.CompilerOptions | undefined;
  #changed = new Set<string>();
  #everything = true;
  #builder: ts.BuilderProgram | undefined;
  readonly #unchanged = new Map<ts.SourceFile, boolean>();

  /** A program was made. @param before the one before it */
  update(builder: ts.BuilderProgram, before: ts.Program | undefined, structureChanged: boolean): void {
    const program = builder.getProgram();
    const versions = new Map(program.getSourceFiles().map((file) => [file.fileName, versionOf(file)]));
    const differing = [...versions].filter(([path, version]) => this.#versions.get(path) !== version);
    this.#changed = new Set(differing.map(([path]) => path));
    this.#everything =
      before === undefined ||
      structureChanged ||
      this.#options !== program.getCompilerOptions() ||
      versions.size !== this.#versions.size ||
      [...this.#changed].some(
        (path) => !this.#versions.has(path) || reachesFar(before, path) || reachesFar(program, path),
      );
    this.#versions = versions;
    this.#options = program.getCompilerOptions();
    this.#builder = builder;
    this.#unchanged.clear();
  }

  /** Whether what is declared in a file is what it was. */
  isUnchanged(file: ts.SourceFile): boolean {
    if (this.#everything || this.#builder === undefined) return false;
    let unchanged = this.#unchanged.get(file);
    if (unchanged === undefined) {
      unchanged = !this.#builder.getAllDependencies(file).some((path) => this.#changed.has(path));
      this.#unchanged.set(file, unchanged);
    }
    return unchanged;
  }
}

function versionOf(file: ts.SourceFile): string {
  return (file as ts.SourceFile & { version?: string }).version ?? "";
}

/** Whether a file may change what others see without being imported: a script, or one that adds to other modules. */
function reachesFar(program: ts.Program, path: string): boolean {
  const file = program.getSourceFile(path);
  if (file === undefined || !ts.isExternalModule(file)) return true;
  return file.statements.some((statement) => {
    if (!ts.isModuleDeclaration(statement)) return false;
    return ts.isStringLiteral(statement.name) || (statement.flags & ts.NodeFlags.GlobalAugmentation) !== 0;
  });
}
