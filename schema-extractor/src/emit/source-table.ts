import { create } from "@bufbuild/protobuf";
import { type SourcePosition, SourcePositionSchema } from "../../generated/types_pb.js";
import { compareText } from "../files/paths.ts";
import type { Span } from "../isolate/protocol.ts";

/** The files that an artifact names. Their numbers are known once all have been met, and are put in then. */
export class SourceTable {
  readonly #positions: { position: SourcePosition; file: string }[] = [];
  readonly #files = new Set<string>();
  readonly #numbers = new Map<string, number>();

  /** The place where a stretch begins. */
  position(span: Span): SourcePosition {
    const position = create(SourcePositionSchema);
    position.line = span.line;
    position.column = span.column;
    this.#positions.push({ position, file: span.file });
    this.#files.add(span.file);
    return position;
  }

  /** Counts a file in. @param position a place in it that is to have its number */
  add(file: string, position?: SourcePosition): void {
    this.#files.add(file);
    if (position !== undefined) this.#positions.push({ position, file });
  }

  /** Numbers the files and all places in them. */
  finish(): readonly string[] {
    const sorted = [...this.#files].sort(compareText);
    for (const [number, file] of sorted.entries()) this.#numbers.set(file, number);
    for (const { position, file } of this.#positions) position.file = this.indexOf(file);
    return sorted;
  }

  /** A file's number; only after {@link finish}. */
  indexOf(file: string): number {
    return this.#numbers.get(file) ?? -1;
  }
}
