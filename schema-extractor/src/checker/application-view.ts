import ts from "typescript";
import type { FileSystem } from "../files/file-system.ts";
import type { Span } from "../isolate/protocol.ts";
import { isServiceFile } from "./application-files.ts";
import { calledClients } from "./client-imports.ts";
import { Constants } from "./constants.ts";
import { findSdkUses, type SdkUse } from "./declared-resources.ts";
import { DeclaredWireReader } from "./declared-wire.ts";
import { type HandlerSignature, type MessageType, readHandlerSignature } from "./handler-signature.ts";
import type { NodeHandle } from "./handles.ts";
import type { CheckedProgram } from "./program.ts";
import { SdkSymbols } from "./sdk-symbols.ts";
import { findSqlTemplates, type SqlTemplate } from "./sql-templates.ts";
import { readStreamSignature, type StreamSignature } from "./stream-signature.ts";
import { readTopicMessage } from "./topic-message.ts";
import { TypeReader } from "./type-reader.ts";

/** One of the application's source files. */
export interface SourceView {
  /** Absolute. */
  readonly path: string;
  /** As results name it. */
  readonly name: string;
  readonly isServiceFile: boolean;
}

/** All that discovery sees of a checked application. */
export class ApplicationView {
  readonly types: TypeReader;
  readonly constants: Constants;
  readonly wires: DeclaredWireReader;
  readonly #checked: CheckedProgram;
  readonly #sdk: SdkSymbols;

  constructor(checked: CheckedProgram) {
    this.#checked = checked;
    this.#sdk = new SdkSymbols(checked);
    this.types = new TypeReader(checked, this.#sdk);
    this.constants = new Constants(checked.checker);
    this.wires = new DeclaredWireReader(checked.checker, this.#sdk);
  }

  /** The application's own sources, sorted by path. */
  get sources(): readonly SourceView[] {
    return this.#checked.sources.map((file) => ({
      path: file.fileName,
      name: this.fileName(file.fileName),
      isServiceFile: isServiceFile(file.fileName),
    }));
  }

  /** The services that each file calls, as clients name them; files that call none are left out. */
  calledClients(): ReadonlyMap<string, ReadonlySet<string>> {
    const called = this.#checked.sources.map((file) => [file.fileName, calledClients(file)] as const);
    return new Map(called.filter(([, names]) => names.size > 0));
  }

  /** Every call of something the SDK exports. */
  sdkUses(): readonly SdkUse[] {
    return findSdkUses(this.#checked, this.#sdk);
  }

  /** Every statement on a database that is written as a tagged template. */
  sqlTemplates(): readonly SqlTemplate[] {
    return findSqlTemplates(this.#checked, this.#sdk);
  }

  /** Whether the file of a use, with all that it imports, says what it said at the last check. */
  isUnchanged(use: SdkUse): boolean {
    const file = this.#checked.program.getSourceFile(use.file);
    return file !== undefined && this.#checked.changes.isUnchanged(file);
  }

  /** What the handler among a call's arguments takes and gives. */
  handlerSignature(call: NodeHandle, parameter: number): HandlerSignature | undefined {
    return readHandlerSignature(this.#checked.checker, call, parameter);
  }

  /** What the handler of a stream takes and gives. */
  streamSignature(call: NodeHandle): StreamSignature | undefined {
    return readStreamSignature(this.#checked.checker, call);
  }

  /** The type of a topic's messages. */
  topicMessage(declaration: NodeHandle): MessageType | undefined {
    return readTopicMessage(this.#checked.checker, declaration);
  }

  spanOf(node: NodeHandle): Span {
    return this.#checked.positions.spanOf(node);
  }

  /** A file's name in results. */
  fileName(path: string): string {
    return this.#checked.positions.fileName(path);
  }
}

/** Reads JSON that may hold comments; undefined where there is none, or it is broken. */
export function readLenientJson(files: FileSystem, path: string): unknown {
  const text = files.readFile(path);
  if (text === undefined) return undefined;
  const parsed = ts.parseConfigFileTextToJson(path, text) as { config?: unknown };
  return parsed.config;
}

/** The bundled compiler's version. */
export const compilerVersion: string = ts.version;
