import { isolateRuntime, type OperationResult } from "../../internal/registry.js";
import { sqlError } from "./error.js";
import { encodeParameters, type Primitive } from "./parameters.js";
import type { Column, Row } from "./rows.js";
import { operate, type Session } from "./session.js";
import type { Statement } from "./statement.js";

type Opened = [cursor: number, done: boolean, shape: number, columns: readonly Column[] | null, rows: unknown[]];
type Fetched = [done: boolean, rows: unknown[]];

// An iteration that is dropped in the middle, without its `return`, must not hold its connection for ever.
const abandoned = new FinalizationRegistry<number>(close);

/** A statement's rows as they are asked for: one batch is on its way while another is used, the host reads a third, and no further. */
export function cursor<T extends Row>(
  session: Session,
  statement: Statement,
  params: readonly Primitive[],
): AsyncGenerator<T> {
  return new Cursor<T>(session, statement, params);
}

/**
 * Does what an async generator does, which costs several times as much a row: a row that is there already takes one settled promise.
 *
 * Calls that have to ask the host run one after another, in the order in which they were made.
 */
class Cursor<T extends Row> implements AsyncGenerator<T> {
  readonly #session: Session;
  readonly #statement: Statement;
  readonly #params: readonly Primitive[];
  #rows: Row[] = [];
  #at = 0;
  #shape = 0;
  #id = 0;
  #hasBegun = false;
  /** Whether the host has no more rows. */
  #isLast = false;
  /** The batch that was asked for before its rows were; undefined for none. */
  #ahead: Promise<OperationResult> | undefined;
  /** The last call that had to wait; undefined where none waits. */
  #waiting: Promise<unknown> | undefined;

  constructor(session: Session, statement: Statement, params: readonly Primitive[]) {
    this.#session = session;
    this.#statement = statement;
    this.#params = params;
  }

  next(): Promise<IteratorResult<T, undefined>> {
    return this.#waiting === undefined && this.#at < this.#rows.length
      ? Promise.resolve({ value: this.#rows[this.#at++] as T, done: false })
      : this.#afterOthers(() => this.#advance());
  }

  return(value?: unknown): Promise<IteratorResult<T>> {
    return this.#afterOthers(async () => {
      this.#end();
      return { value: await value, done: true };
    });
  }

  throw(error: unknown): Promise<IteratorResult<T>> {
    return this.#afterOthers(async () => {
      this.#end();
      await Promise.resolve();
      throw error;
    });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  #afterOthers<Result>(step: () => Promise<Result>): Promise<Result> {
    const result = this.#waiting === undefined ? step() : this.#waiting.then(step, step);
    this.#waiting = result;
    const forget = (): void => {
      if (this.#waiting === result) this.#waiting = undefined;
    };
    result.then(forget, forget);
    return result;
  }

  async #advance(): Promise<IteratorResult<T, undefined>> {
    try {
      if (!this.#hasBegun) await this.#open();
      while (this.#at >= this.#rows.length && !this.#isLast) await this.#fetch();
    } catch (error) {
      // The host has closed it.
      this.#forget();
      throw error;
    }
    if (this.#at < this.#rows.length) return { value: this.#rows[this.#at++] as T, done: false };
    return { value: undefined, done: true };
  }

  async #open(): Promise<void> {
    this.#hasBegun = true;
    const { database, id, timeout } = this.#session;
    const { values, bytes } = encodeParameters(this.#params);
    const query = this.#statement.text;
    const payload = [database, id, this.#session.next(), this.#statement.shape, query, values, timeout];
    const opened = await operate("sql.open", payload, { bytes, query, endsWithCall: true });
    const [cursorId, isLast, shape, columns, rows] = opened.value as Opened;
    this.#id = cursorId;
    this.#shape = shape;
    this.#isLast = isLast;
    if (!isLast) {
      abandoned.register(this, cursorId, this);
      this.#ask();
    }
    this.#take(this.#statement.rows(shape, columns, rows, opened.bytes));
  }

  #ask(): void {
    this.#ahead = isolateRuntime()?.startOperation("sql.fetch", [this.#id], undefined, true).promise;
    // Whoever wants its rows learns of a failure; where nobody does, it is of no interest.
    this.#ahead?.catch(() => undefined);
  }

  async #fetch(): Promise<void> {
    let fetched: OperationResult | undefined;
    try {
      fetched = await this.#ahead;
    } catch (failure) {
      // Made here, so that its stack leads to whoever waits.
      throw sqlError(failure, this.#statement.text);
    }
    const [isLast, rows] = fetched?.value as Fetched;
    if (isLast) this.#forget();
    else this.#ask();
    this.#take(this.#statement.rows(this.#shape, null, rows, fetched?.bytes ?? null));
  }

  #take(rows: Row[]): void {
    this.#rows = rows;
    this.#at = 0;
  }

  /** Gives up the rows that are left. */
  #end(): void {
    if (this.#hasBegun && !this.#isLast) close(this.#id);
    this.#hasBegun = true;
    this.#forget();
  }

  #forget(): void {
    abandoned.unregister(this);
    this.#ahead = undefined;
    this.#isLast = true;
    this.#take([]);
  }
}

function close(id: number): void {
  operate("sql.close", [id]).catch(() => undefined);
}
