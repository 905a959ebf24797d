type Handler = (request?: unknown) => unknown;

/** Gives bytes, sets and maps the form in which JSON carries them; what it is given stays as it is. */
export type Lowerer = (value: unknown) => unknown;

/** A handler whose answer, or the answer it promises, is lowered; the handler itself where there is nothing to lower. */
export function lowered(handler: Handler, lower: Lowerer | undefined): Handler {
  if (lower === undefined) return handler;
  return (request) => {
    const result = handler(request);
    return isThenable(result) ? Promise.resolve(result).then(lower) : lower(result);
  };
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | null | undefined)?.then === "function";
}
