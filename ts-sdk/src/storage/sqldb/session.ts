import { isolateRuntime, type OperationResult } from "../../internal/registry.js";
import { sqlError } from "./error.js";

/** Where statements run: on any connection of a database, or on one that is kept. */
export interface Session {
  readonly database: string;
  /** How payloads begin: `["database",id,` */
  readonly head: string;
  /** The host's number for the connection that is kept; 0 for any. */
  readonly id: number;
  /** Milliseconds that a statement may take; 0: no limit. */
  readonly timeout: number;
  /** The place of the next operation among those of the session: the host keeps to that order. */
  next(): number;
}

/** Any connection of a database. */
export function pooledSession(database: string, timeout: number): Session {
  return { database, head: headOf(database, 0), id: 0, timeout, next: () => 0 };
}

/** A connection that is kept. */
export function keptSession(database: string, id: number, timeout: number): Session {
  let last = 0;
  return { database, head: headOf(database, id), id, timeout, next: () => last++ };
}

function headOf(database: string, id: number): string {
  return `[${JSON.stringify(database)},${id},`;
}

/** What is wrong where there is no host. */
export function noHost(): Error {
  return new Error("databases need a host: run the application with encore-host");
}

/**
 * Asks the host for work on a database.
 * @param query the statement, for errors
 * @param endsWithCall whether it is given up when nobody waits any more for the endpoint's call that it is part of
 * @throws {SQLError} what PostgreSQL says
 */
export async function operate(
  kind: string,
  payload: readonly unknown[],
  {
    bytes,
    query,
    endsWithCall = false,
  }: { bytes?: Uint8Array | undefined; query?: string; endsWithCall?: boolean } = {},
): Promise<OperationResult> {
  const runtime = isolateRuntime();
  if (runtime === undefined) throw noHost();
  try {
    return await runtime.startOperation(kind, payload, bytes, endsWithCall).promise;
  } catch (error) {
    throw sqlError(error, query);
  }
}
