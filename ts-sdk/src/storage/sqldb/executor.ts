import { cursor } from "./cursor.js";
import type { Primitive } from "./parameters.js";
import type { Row } from "./rows.js";
import { Mode, run } from "./run.js";
import type { Session } from "./session.js";
import { templateStatement, textStatement } from "./statement.js";

/** What runs statements: a database, a transaction, or a connection of one's own. */
export abstract class QueryExecutor {
  /** @internal */
  protected abstract readonly session: Session;

  /**
   * Runs a statement whose rows come as they are asked for; any number of them takes no more memory than some thousands.
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
  queryAll<T extends Row = Row>(strings: TemplateStringsArray, ...params: Primitive[]): Promise<T[]> {
    return run(this.session, templateStatement(strings), params, Mode.all) as Promise<T[]>;
  }

  /** {@link queryAll} of a text that holds `$1`, `$2`, … */
  rawQueryAll<T extends Row = Row>(query: string, ...params: Primitive[]): Promise<T[]> {
    return run(this.session, textStatement(query), params, Mode.all) as Promise<T[]>;
  }

  /** Runs a statement and gives its first row; null where there is none. */
  queryRow<T extends Row = Row>(strings: TemplateStringsArray, ...params: Primitive[]): Promise<T | null> {
    return run(this.session, templateStatement(strings), params, Mode.first) as Promise<T | null>;
  }

  /** {@link queryRow} of a text that holds `$1`, `$2`, … */
  rawQueryRow<T extends Row = Row>(query: string, ...params: Primitive[]): Promise<T | null> {
    return run(this.session, textStatement(query), params, Mode.first) as Promise<T | null>;
  }

  /** Runs a statement for what it does. @returns how many rows it inserted, changed or deleted */
  exec(strings: TemplateStringsArray, ...params: Primitive[]): Promise<number> {
    return run(this.session, templateStatement(strings), params, Mode.none) as Promise<number>;
  }

  /** {@link exec} of a text that holds `$1`, `$2`, … */
  rawExec(query: string, ...params: Primitive[]): Promise<number> {
    return run(this.session, textStatement(query), params, Mode.none) as Promise<number>;
  }
}
