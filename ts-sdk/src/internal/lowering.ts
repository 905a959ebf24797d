/** Gives bytes, sets and maps the form in which JSON carries them; what it is given stays as it is. */
export type Lowerer = (value: unknown) => unknown;

/** Lowers an answer, or the answer that is promised. */
export function lowered(result: unknown, lower: Lowerer): unknown {
  return isThenable(result) ? Promise.resolve(result).then(lower) : lower(result);
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | null | undefined)?.then === "function";
}
