import ts from "typescript";
import { relativePath } from "../files/paths.ts";
import type { Span } from "../isolate/protocol.ts";
import { type NodeHandle, unwrapNode } from "./handles.ts";

/** Turns nodes into places that name files relative to the application's root. */
export class Positions {
  readonly #root: string;
  /** Files have many places, and a name each. */
  readonly #names = new Map<string, string>();

  constructor(root: string) {
    this.#root = root;
  }

  /** A file's name in results: relative within the root (and beside it in a workspace), absolute elsewhere. */
  fileName(path: string): string {
    let name = this.#names.get(path);
    if (name === undefined) {
      name = relativePath(this.#root, path);
      this.#names.set(path, name);
    }
    return name;
  }

  /** The stretch of a node, without the comments before it. */
  spanOf(node: NodeHandle): Span {
    return this.spanOfNode(unwrapNode(node));
  }

  spanOfNode(node: ts.Node): Span {
    const file = node.getSourceFile();
    return this.spanOfRange(file, node.getStart(file), node.getEnd());
  }

  spanOfRange(file: ts.SourceFile, start: number, end: number): Span {
    const from = file.getLineAndCharacterOfPosition(start);
    const to = file.getLineAndCharacterOfPosition(Math.max(start, end));
    return {
      file: this.fileName(file.fileName),
      line: from.line + 1,
      column: from.character + 1,
      endLine: to.line + 1,
      endColumn: to.character + 1,
    };
  }
}
