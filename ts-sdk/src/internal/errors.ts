/** What the host learns of an error: everything a log line or an answer may need, and nothing that can't cross. */
export interface ErrorDescription {
  name: string;
  message: string;
  stack: string;
  /** An `APIError`'s code; absent for every other error. */
  code?: string;
  details?: unknown;
  cause?: ErrorDescription;
  /** Whose call it was, where that is known. */
  uid?: string;
  /** Whether the auth handler ended the call, and the endpoint was never asked. */
  refused?: boolean;
}

const maxCauses = 8;
const apiErrorSymbol = Symbol.for("encore-host.api-error");

/** Marks a prototype as that of `APIError`; registered, so that it holds across two copies of the SDK. */
export function markApiError(prototype: object): void {
  Object.defineProperty(prototype, apiErrorSymbol, { value: true });
}

/** Describes whatever a handler threw. Never throws itself. */
export function describeError(error: unknown, depth = 0): ErrorDescription {
  try {
    return describe(error, depth);
  } catch {
    return { name: "Error", message: "an error that can't be described was thrown", stack: "" };
  }
}

function describe(error: unknown, depth: number): ErrorDescription {
  if (!(error instanceof Error)) {
    return {
      name: "Error",
      message: typeof error === "string" ? error : `a value that is no Error was thrown: ${String(error)}`,
      stack: "",
    };
  }
  // Whatever the application has put there, text is what crosses.
  const stack: unknown = error.stack;
  const description: ErrorDescription = {
    name: String(error.name),
    message: String(error.message),
    stack: typeof stack === "string" ? stack : "",
  };
  if (apiErrorSymbol in error) {
    const { code, details } = error as { code?: unknown; details?: unknown };
    description.code = String(code);
    if (details !== undefined && isJson(details)) description.details = details;
  }
  if (error.cause !== undefined && error.cause !== null && depth < maxCauses) {
    description.cause = describeError(error.cause, depth + 1);
  }
  return description;
}

function isJson(value: unknown): boolean {
  try {
    JSON.stringify(value);
    return true;
  } catch {
    return false;
  }
}

/** A failure as the host tells it, made again by whoever waits for it: its stack then leads to the application's code. */
export function raisedHere(failure: unknown): unknown {
  if (!(failure instanceof Error)) return failure;
  const { message, name, cause } = failure;
  const error = new Error(message, cause === undefined ? undefined : { cause });
  return Object.assign(error, failure, { name });
}

/**
 * Rejects with an error that is made once whoever waits hangs on the promise that is resolved with this one: by way of that, its stack leads to
 * them.
 */
export async function raisedLater(make: () => unknown): Promise<never> {
  // Twice: the promise that is resolved with this one looks at it after the first.
  await Promise.resolve();
  await Promise.resolve();
  throw make();
}

/** An `APIError`'s code; undefined for everything else. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && apiErrorSymbol in error ? String((error as { code?: unknown }).code) : undefined;
}

/** An error that the host treats as an `APIError`, where the class itself isn't at hand. */
export function apiError(code: string, message: string, details?: unknown): Error {
  const error = new Error(message);
  error.name = "APIError";
  Object.defineProperty(error, apiErrorSymbol, { value: true });
  return Object.assign(error, { code, ...(details !== undefined && { details }) });
}
