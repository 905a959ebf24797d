/**
 * What the host gives the isolate: synchronous functions on one object, one block of shared memory, and batches.
 *
 * `runtime.js` takes both off the global object before any application code runs.
 */
export interface HostFunctions {
  /**
   * Ends a turn: hands over the answers and operations gathered in it.
   * @param answerCount answers described in the shared block's out section
   * @param answers the answers' texts, one after another
   * @param operations JSON `[[id, kind, payload], …]`, or "" for none
   */
  flush(answerCount: number, answers: string, operations: string): void;
  /** Writes one log line at once. `fields` is a JSON object or "". Levels: 0 trace, 1 debug, 2 info, 3 warn, 4 error. */
  log(level: number, message: string, fields: string): void;
  /** Maps a position of the running bundle (1-based line and column) to `file:line:column` of the source, or "" if unknown. */
  mapPosition(script: string, line: number, column: number): string;
  /** Milliseconds since the isolate's start, with fractions; never goes back. */
  now(): number;
  /** `length` cryptographically random bytes, at most 65,536. */
  random(length: number): Uint8Array;
  /** The environment as a JSON object. */
  environment(): string;
  /** UTF-8 bytes of a string; lone surrogates become U+FFFD. */
  encodeUtf8(text: string): Uint8Array;
  /** Decodes bytes in an encoding named as WHATWG names it; null where `fatal` and the bytes are invalid; the BOM is kept. */
  decodeText(bytes: Uint8Array, encoding: string, fatal: boolean): string | null;
  /** The application's module is done: "", or a description of the error that ended it, as JSON. */
  loaded(error: string): void;
  /** The process's folder. */
  workingDirectory(): string;
  /** Does something with a file at once: its contents, or JSON `{"value":…}`, or `{"error":{"message","code",…}}`. */
  file(
    operation: string,
    path: string,
    target: string,
    flag: boolean,
    bytes: Uint8Array | undefined,
  ): Uint8Array | string;
  /** Gives the host the bytes that belong to an operation about to be flushed. */
  attach(operation: number, bytes: Uint8Array): void;
  /**
   * The request behind a call that has no answer yet, as JSON: `{"method","path","pathAndQuery","pathParams","headers","parentSpanId"?,
   * "extCorrelationId"?}`; "" where there is none any more.
   */
  describe(slot: number): string;
  /** Milliseconds that are left for the answer of a call; Infinity where nothing limits it, 0 where it is answered. */
  remaining(slot: number): number;
  /** JavaScript: an expression whose value is `(Decimal, check) => support`, for the next; "" where calls aren't checked. */
  callSupport(): string;
  /**
   * JavaScript: `[support => value check or undefined, support => copy or undefined]` of an endpoint, and the same two of a stream's messages;
   * "" where calls aren't checked.
   */
  callScripts(endpoint: number): string;
  /** What the scripts of {@link callScripts} ask of a rule that only the host knows. */
  checkRule(rule: number, text: string): boolean;
  /** A secret's value; null where there is none and one is needed. */
  secret(name: string): string | null;
  /** A URI by which other programs reach a database; "" where there is none of that name. */
  databaseUri(name: string): string;
  /** What `appMeta()` says, as JSON. */
  appMeta(): string;
  /** Takes the bytes that came with a completion; each can be taken once. */
  take(operation: number): Uint8Array;
}
