import { encodeParameters, type Primitive } from "./parameters.js";
import type { Column, Row } from "./rows.js";
import { operate, type Session } from "./session.js";
import type { Statement } from "./statement.js";

type Opened = [cursor: number, done: boolean, shape: number, columns: readonly Column[] | null, rows: unknown[]];
type Fetched = [done: boolean, rows: unknown[]];

// An iteration that is dropped in the middle, without its `return`, must not hold its connection for ever.
const abandoned = new FinalizationRegistry<number>(close);

/** A statement's rows as they are asked for: the host reads one batch ahead, and no further. */
export async function* cursor<T extends Row>(
  session: Session,
  statement: Statement,
  params: readonly Primitive[],
): AsyncGenerator<T> {
  const { values, bytes: attached } = encodeParameters(params);
  const query = statement.text;
  const payload = [session.database, session.id, session.next(), statement.shape, query, values, session.timeout];
  const opened = await operate("sql.open", payload, { bytes: attached, query, endsWithCall: true });
  const [id, isDone, shape, columns, first] = opened.value as Opened;
  let done = isDone;
  const token = {};
  if (!done) abandoned.register(token, id, token);
  try {
    for (const row of statement.rows(shape, columns, first, opened.bytes)) yield row as T;
    while (!done) {
      const { value, bytes } = await operate("sql.fetch", [id], { query, endsWithCall: true });
      const [isLast, batch] = value as Fetched;
      done = isLast;
      for (const row of statement.rows(shape, null, batch, bytes)) yield row as T;
    }
  } finally {
    abandoned.unregister(token);
    if (!done) close(id);
  }
}

function close(id: number): void {
  operate("sql.close", [id]).catch(() => undefined);
}
