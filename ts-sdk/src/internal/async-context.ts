/**
 * One value that follows the flow of asynchronous code: whoever continues after an `await` sees what was there before it.
 *
 * V8 keeps such a value with every reaction of a promise ("continuation-preserved embedder data"); the host gives its two functions where
 * the engine has them. Elsewhere the value follows callbacks of `then`, and is undefined after an `await`: missing, never another request's.
 */
export interface AsyncContext {
  get(): unknown;
  set(value: unknown): void;
}

/** The engine's own functions, as the host finds them. */
interface ContinuationData {
  getContinuationPreservedEmbedderData(): unknown;
  setContinuationPreservedEmbedderData(value: unknown): void;
}

/** Makes the realm's context; called once. @param engine what the host found, or undefined */
export function createAsyncContext(engine: unknown): AsyncContext {
  const found = engine as Partial<ContinuationData> | undefined;
  const { getContinuationPreservedEmbedderData: get, setContinuationPreservedEmbedderData: set } = found ?? {};
  return get !== undefined && set !== undefined ? { get, set } : followCallbacks();
}

function followCallbacks(): AsyncContext {
  let current: unknown;
  const keep = (callback: unknown): unknown => {
    if (typeof callback !== "function" || current === undefined) return callback;
    const kept = current;
    return (value: unknown): unknown => {
      const outer = current;
      current = kept;
      try {
        return (callback as (value: unknown) => unknown)(value);
      } finally {
        current = outer;
      }
    };
  };
  const then = Promise.prototype.then;
  const following = function (this: Promise<unknown>, onFulfilled?: unknown, onRejected?: unknown): unknown {
    return then.call(this, keep(onFulfilled) as never, keep(onRejected) as never);
  };
  Object.defineProperty(following, "name", { value: "then" });
  Reflect.defineProperty(Promise.prototype, "then", { value: following, writable: true, configurable: true });
  return { get: () => current, set: (value) => void (current = value) };
}

/** Runs a function with another value in the context, whatever becomes of it. */
export function runWith<Result>(context: AsyncContext, value: unknown, run: () => Result): Result {
  const outer = context.get();
  context.set(value);
  try {
    return run();
  } finally {
    context.set(outer);
  }
}
