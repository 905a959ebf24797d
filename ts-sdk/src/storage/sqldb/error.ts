/** What PostgreSQL, or the way to it, says of a failed statement. */
interface Details {
  code?: string;
  severity?: string;
  detail?: string;
  hint?: string;
  schema?: string;
  table?: string;
  column?: string;
  dataType?: string;
  constraint?: string;
  position?: number;
  transient?: boolean;
}

/**
 * A statement that failed.
 *
 * ```ts
 * try {
 *   await db.exec`INSERT INTO users (email) VALUES (${email})`;
 * } catch (error) {
 *   if (error instanceof SQLError && error.constraint === "users_email_key") throw APIError.alreadyExists("this address is taken");
 *   throw error;
 * }
 * ```
 */
export class SQLError extends Error {
  override readonly name = "SQLError";
  /** The SQLSTATE: five characters, such as `"23505"` for a value that has to be unique; undefined where PostgreSQL never answered. */
  readonly code: string | undefined;
  /** `"ERROR"`, `"FATAL"` or `"PANIC"`. */
  readonly severity: string | undefined;
  /** What PostgreSQL adds to the message. */
  readonly detail: string | undefined;
  /** What PostgreSQL suggests. */
  readonly hint: string | undefined;
  readonly schema: string | undefined;
  readonly table: string | undefined;
  readonly column: string | undefined;
  /** The type whose rule was broken. */
  readonly dataType: string | undefined;
  /** The name of the constraint that was broken. */
  readonly constraint: string | undefined;
  /** Where in {@link query}: the number of a character, from 1. */
  readonly position: number | undefined;
  /** Whether the same may well succeed later: a conflict between transactions, a lost connection, no free connection. */
  readonly transient: boolean;
  /** The statement's text, without what was inserted into it. */
  readonly query: string | undefined;

  constructor(message: string, details: Details = {}, query?: string, options?: ErrorOptions) {
    super(message, options);
    this.code = details.code;
    this.severity = details.severity;
    this.detail = details.detail;
    this.hint = details.hint;
    this.schema = details.schema;
    this.table = details.table;
    this.column = details.column;
    this.dataType = details.dataType;
    this.constraint = details.constraint;
    this.position = details.position;
    this.transient = details.transient === true;
    this.query = query;
  }
}

/** A failure as the host tells it, as applications see it: made where they wait, so that the stack leads there. */
export function sqlError(failure: unknown, query?: string): unknown {
  if (!(failure instanceof Error) || failure.name !== "SQLError") return failure;
  const { cause } = failure;
  return new SQLError(failure.message, failure as Details, query, cause === undefined ? undefined : { cause });
}
