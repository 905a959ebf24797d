import { cursor } from "./cursor.js";
import { encodeParameters, type Primitive } from "./parameters.js";
import type { Column, Row } from "./rows.js";
import { operate, type Session } from "./session.js";
import { type Statement, templateStatement, textStatement } from "./statement.js";

/** How much of a statement's rows is wanted. */
const Mode = { all: 0, first: 1, none: 2 } as const;

type Answer = [count: number, shape: number, columns: readonly Column[] | null, rows: readonly (readonly unknown[])[]];

/** What runs statements: a database, a transaction, or a connection of one's own. */
export abstract class QueryExecutor {
  /** @internal */
  protected abstract readonly session: Session;

  /**
   * Runs a statement whose rows come as they are asked for; any number of them takes no more memory than a few hundred.
   *
   * ```ts
   * for await (const user of db.query<{ id: number }>`SELECT id FROM users WHERE team = ${team}`) await invite(user.id);
   * ```
   */
  query<T extends Row = Row>(strings: TemplateStringsArray, ...params: Primitive[]): AsyncGenerator<T> {
    return cursor<T>(this.session, templateStatement(strings), params);
  }

  /** {@link query} of a text that holds `$1`, `$2`, … */
  rawQuery<T extends Row = Row>(query: string, ...params: Primitive[]): AsyncGenerator<T> {
    return cursor<T>(this.session, textStatement(query), params);
  }

  /** Runs a statement and gives all its rows. */
  async queryAll<T extends Row = Row>(strings: TemplateStringsArray, ...params: Primitive[]): Promise<T[]> {
    return (await this.#run(templateStatement(strings), params, Mode.all)).rows as T[];
  }

  /** {@link queryAll} of a text that holds `$1`, `$2`, … */
  async rawQueryAll<T extends Row = Row>(query: string, ...params: Primitive[]): Promise<T[]> {
    return (await this.#run(textStatement(query), params, Mode.all)).rows as T[];
  }

  /** Runs a statement and gives its first row; null where there is none. */
  async queryRow<T extends Row = Row>(strings: TemplateStringsArray, ...params: Primitive[]): Promise<T | null> {
    return ((await this.#run(templateStatement(strings), params, Mode.first)).rows[0] as T | undefined) ?? null;
  }

  /** {@link queryRow} of a text that holds `$1`, `$2`, … */
  async rawQueryRow<T extends Row = Row>(query: string, ...params: Primitive[]): Promise<T | null> {
    return ((await this.#run(textStatement(query), params, Mode.first)).rows[0] as T | undefined) ?? null;
  }

  /** Runs a statement for what it does. @returns how many rows it inserted, changed or deleted */
  async exec(strings: TemplateStringsArray, ...params: Primitive[]): Promise<number> {
    return (await this.#run(templateStatement(strings), params, Mode.none)).count;
  }

  /** {@link exec} of a text that holds `$1`, `$2`, … */
  async rawExec(query: string, ...params: Primitive[]): Promise<number> {
    return (await this.#run(textStatement(query), params, Mode.none)).count;
  }

  async #run(
    statement: Statement,
    params: readonly Primitive[],
    mode: number,
  ): Promise<{ count: number; rows: readonly Row[] }> {
    const { database, id, timeout } = this.session;
    const { values, bytes: attached } = encodeParameters(params);
    const payload = [database, id, this.session.next(), mode, statement.shape, statement.text, values, timeout];
    const { value, bytes } = await operate("sql.run", payload, {
      bytes: attached,
      query: statement.text,
      endsWithCall: true,
    });
    const [count, shape, columns, rows] = value as Answer;
    return { count, rows: statement.reader(shape, columns)(rows, bytes) };
  }
}
