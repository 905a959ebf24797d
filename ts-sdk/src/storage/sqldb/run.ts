import { raisedLater } from "../../internal/errors.js";
import { isolateRuntime, type Settlement } from "../../internal/registry.js";
import { sqlError } from "./error.js";
import { encodeParameters, plainParameters, type Primitive } from "./parameters.js";
import type { Column } from "./rows.js";
import { noHost, type Session } from "./session.js";
import type { Statement } from "./statement.js";

/** How much of a statement's rows is wanted. */
export const Mode = { all: 0, first: 1, none: 2 } as const;
export type Mode = (typeof Mode)[keyof typeof Mode];

type Answer = [count: number, shape: number, columns: readonly Column[] | null, rows: unknown[]];

/**
 * Runs a statement from beginning to end: one crossing each way, and one promise.
 * @returns all its rows, its first row or null, or how many rows it changed, as the mode says
 */
export function run(
  session: Session,
  statement: Statement,
  params: readonly Primitive[],
  mode: Mode,
): Promise<unknown> {
  // What is thrown here rejects.
  return new Promise((resolve, reject) => {
    const runtime = isolateRuntime();
    if (runtime === undefined) throw noHost();
    let bytes: Uint8Array | undefined;
    let values = plainParameters(params);
    if (values === undefined) {
      const encoded = encodeParameters(params);
      values = JSON.stringify(encoded.values);
      bytes = encoded.bytes;
    }
    // As SqlOperations has it: [db, session, seq, mode, knownShape, text, params, timeoutMs]
    const payload = `${session.head}${session.next()},${mode},${statement.shape},${statement.quoted},${values},${session.timeout}]`;
    runtime.runOperation("sql.run", payload, new Run(statement, mode, resolve, reject), bytes);
  });
}

/** A statement that is under way. */
class Run implements Settlement {
  call: unknown = undefined;
  readonly #statement: Statement;
  readonly #mode: Mode;
  readonly #resolve: (result: unknown) => void;
  readonly #reject: (error: unknown) => void;

  constructor(statement: Statement, mode: Mode, resolve: (result: unknown) => void, reject: (error: unknown) => void) {
    this.#statement = statement;
    this.#mode = mode;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  complete(value: unknown, bytes: Uint8Array | null): void {
    try {
      const answer = value as Answer;
      const rows = this.#statement.rows(answer[1], answer[2], answer[3], bytes);
      if (this.#mode === Mode.none) this.#resolve(answer[0]);
      else this.#resolve(this.#mode === Mode.all ? rows : (rows[0] ?? null));
    } catch (error) {
      this.#reject(error);
    }
  }

  fail(failure: Error): void {
    this.#resolve(raisedLater(() => sqlError(failure, this.#statement.text)));
  }
}
