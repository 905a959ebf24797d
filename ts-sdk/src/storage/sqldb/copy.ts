import { Encoder, type Primitive } from "./parameters.js";
import { operate, type Session } from "./session.js";

/** A row to insert: values by column. */
export type CopyRow = Record<string, Primitive>;

/** Rows that cross together. */
const batchRows = 512;

/**
 * Inserts many rows by COPY: all of them, or none where one fails.
 * @param columns which of the rows' fields, in which order; undefined: those of the first row
 * @returns how many there were
 */
export async function copyIn(
  session: Session,
  table: string,
  rows: Iterable<CopyRow> | AsyncIterable<CopyRow>,
  columns: readonly string[] | undefined,
): Promise<number> {
  let copy: Copy | undefined;
  try {
    for await (const row of rows) {
      copy ??= await Copy.open(session, table, columns ?? Object.keys(row));
      await copy.add(row);
    }
    return copy === undefined ? 0 : await copy.finish();
  } catch (error) {
    await copy?.abandon();
    throw error;
  }
}

/** A COPY that is under way. */
class Copy {
  readonly #id: number;
  readonly #columns: readonly string[];
  #encoder = new Encoder();
  #rows: unknown[][] = [];
  #count = 0;
  #ended = false;

  private constructor(id: number, columns: readonly string[]) {
    this.#id = id;
    this.#columns = columns;
  }

  static async open(session: Session, table: string, columns: readonly string[]): Promise<Copy> {
    const payload = [session.database, session.id, session.next(), table, columns];
    const { value } = await operate("sql.copyOpen", payload, { endsWithCall: true });
    return new Copy(value as number, columns);
  }

  async add(row: CopyRow): Promise<void> {
    const number = ++this.#count;
    this.#rows.push(
      this.#columns.map((column) => this.#encoder.value(row[column], `the field ${column} of row ${number}`)),
    );
    if (this.#rows.length >= batchRows) await this.#send();
  }

  async finish(): Promise<number> {
    if (this.#rows.length > 0) await this.#send();
    return (await this.#close(true)) as number;
  }

  async abandon(): Promise<void> {
    if (!this.#ended) await this.#close(false).catch(() => undefined);
  }

  async #send(): Promise<void> {
    const [rows, { bytes }] = [this.#rows, this.#encoder];
    this.#rows = [];
    this.#encoder = new Encoder();
    await operate("sql.copyRows", [this.#id, rows], { bytes, endsWithCall: true });
  }

  async #close(commit: boolean): Promise<unknown> {
    this.#ended = true;
    return (await operate("sql.copyClose", [this.#id, commit])).value;
  }
}
