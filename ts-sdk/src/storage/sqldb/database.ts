import { isolateRuntime } from "../../internal/registry.js";
import { Connection } from "./connection.js";
import { copyIn, type CopyRow } from "./copy.js";
import { QueryExecutor } from "./executor.js";
import { NotificationListener } from "./listener.js";
import { keptSession, operate, pooledSession, type Session } from "./session.js";
import { beginIn, type Transaction, type TransactionOptions } from "./transaction.js";

/** Where migrations are, and which tool wrote them. */
export interface SQLMigrationsConfig {
  /** Their folder, relative to the file of the declaration. */
  path: string;
  /** The tool whose layout they have; left out: files called `<number>_<name>.up.sql`. */
  source?: "prisma" | "drizzle" | "drizzle/v1";
}

/** How a database is declared. */
export interface SQLDatabaseConfig {
  /** What makes its tables, applied before the first request. */
  migrations?: string | SQLMigrationsConfig;
  /** Milliseconds that a statement may take before it is cancelled; left out or 0: no limit. */
  statementTimeout?: number;
}

/** A name that is written down: any string but one that is only known when the program runs. */
type StringLiteral<Name extends string> = string extends Name ? never : Name;

/**
 * A PostgreSQL database. Statements are tagged templates, or texts with parameters; either way values never become part of the text.
 *
 * ```ts
 * const db = new SQLDatabase("blog", { migrations: "./migrations" });
 * const post = await db.queryRow<Post>`SELECT id, title FROM posts WHERE id = ${id}`;
 * ```
 */
export class SQLDatabase extends QueryExecutor {
  protected readonly session: Session;
  readonly #name: string;

  constructor(name: string, cfg: SQLDatabaseConfig = {}) {
    super();
    this.#name = name;
    this.session = pooledSession(name, cfg.statementTimeout ?? 0);
  }

  /** A database that is declared elsewhere in the application. */
  static named<Name extends string>(name: StringLiteral<Name>): SQLDatabase {
    return new SQLDatabase(name);
  }

  /** A URI by which other programs, and libraries with a driver of their own, reach the database. */
  get connectionString(): string {
    const runtime = isolateRuntime();
    if (runtime === undefined) throw new Error("databases need a host: run the application with encore-host");
    return runtime.databaseUri(this.#name);
  }

  /** Takes a connection of one's own from the pool until it is closed. */
  async acquire(): Promise<Connection> {
    const { value } = await operate("sql.acquire", [this.#name], { endsWithCall: true });
    return new Connection(keptSession(this.#name, value as number, this.session.timeout));
  }

  /** Begins a transaction. */
  async begin(options: TransactionOptions = {}): Promise<Transaction> {
    return beginIn(this.session, options);
  }

  /**
   * Inserts many rows at once, in one transaction of their own: many times faster than one statement a row.
   * @param table its name, with its schema where that isn't on the search path: `"audit.events"`
   * @param columns which of the rows' fields are inserted; left out: those of the first row
   * @returns how many rows there were
   */
  copyIn(
    table: string,
    rows: Iterable<CopyRow> | AsyncIterable<CopyRow>,
    { columns }: { columns?: readonly string[] } = {},
  ): Promise<number> {
    return copyIn(this.session, table, rows, columns);
  }

  /** What `NOTIFY channel` sends from now on. */
  listen(channel: string): NotificationListener {
    return new NotificationListener(this.#name, channel);
  }
}
