import { markApiError } from "../internal/errors.js";
import { ErrCode } from "./error-code.js";

/** What an {@link APIError} tells its caller beyond code and message; must be representable in JSON. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- callers read the fields without narrowing, as they do upstream
export type ErrDetails = Record<string, any>;

/**
 * An error that reaches the caller of an endpoint as it is: code (which sets the HTTP status), message and details.
 * Any other error reaches it as an internal error without its text.
 *
 * ```ts
 * throw APIError.notFound("no such post").withDetails({ id });
 * ```
 */
export class APIError extends Error {
  /** What kind of error it is. */
  readonly code: ErrCode;
  /** More about it, for the caller's program. */
  readonly details?: ErrDetails | undefined;

  /** The operation was cancelled, typically by the caller. */
  static canceled(message: string, cause?: Error): APIError {
    return new APIError(ErrCode.Canceled, message, cause);
  }

  /** An error of unknown kind. */
  static unknown(message: string, cause?: Error): APIError {
    return new APIError(ErrCode.Unknown, message, cause);
  }

  /** The request can't be valid, whatever the state of the system. */
  static invalidArgument(message: string, cause?: Error): APIError {
    return new APIError(ErrCode.InvalidArgument, message, cause);
  }

  /** The time ran out before the operation was done. */
  static deadlineExceeded(message: string, cause?: Error): APIError {
    return new APIError(ErrCode.DeadlineExceeded, message, cause);
  }

  /** What was asked for doesn't exist. */
  static notFound(message: string, cause?: Error): APIError {
    return new APIError(ErrCode.NotFound, message, cause);
  }

  /** What was to be created exists. */
  static alreadyExists(message: string, cause?: Error): APIError {
    return new APIError(ErrCode.AlreadyExists, message, cause);
  }

  /** The caller is known, and not allowed to do this. */
  static permissionDenied(message: string, cause?: Error): APIError {
    return new APIError(ErrCode.PermissionDenied, message, cause);
  }

  /** A quota or some other resource is used up. */
  static resourceExhausted(message: string, cause?: Error): APIError {
    return new APIError(ErrCode.ResourceExhausted, message, cause);
  }

  /** The system is not in the state the operation needs. */
  static failedPrecondition(message: string, cause?: Error): APIError {
    return new APIError(ErrCode.FailedPrecondition, message, cause);
  }

  /** The operation lost against a concurrent one. */
  static aborted(message: string, cause?: Error): APIError {
    return new APIError(ErrCode.Aborted, message, cause);
  }

  /** The request goes beyond the valid range. */
  static outOfRange(message: string, cause?: Error): APIError {
    return new APIError(ErrCode.OutOfRange, message, cause);
  }

  /** The operation isn't implemented, or not enabled. */
  static unimplemented(message: string, cause?: Error): APIError {
    return new APIError(ErrCode.Unimplemented, message, cause);
  }

  /** An assumption of the system doesn't hold. */
  static internal(message: string, cause?: Error): APIError {
    return new APIError(ErrCode.Internal, message, cause);
  }

  /** The service can't answer now; the same call may succeed later. */
  static unavailable(message: string, cause?: Error): APIError {
    return new APIError(ErrCode.Unavailable, message, cause);
  }

  /** Data is lost or corrupt beyond repair. */
  static dataLoss(message: string, cause?: Error): APIError {
    return new APIError(ErrCode.DataLoss, message, cause);
  }

  /** The request has no valid credentials for the operation. */
  static unauthenticated(message: string, cause?: Error): APIError {
    return new APIError(ErrCode.Unauthenticated, message, cause);
  }

  /**
   * @param code what kind of error it is
   * @param message what the caller reads
   * @param cause what led to it; its message is appended to what the caller reads
   * @param details more about it, for the caller's program
   */
  constructor(code: ErrCode, message: string, cause?: Error, details?: ErrDetails) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.details = details;
  }

  /** A copy of this error that carries `details`. */
  withDetails(details: ErrDetails): APIError {
    const error = new APIError(this.code, this.message, this.cause as Error | undefined, details);
    if (this.stack !== undefined)
      Object.defineProperty(error, "stack", { value: this.stack, writable: true, configurable: true });
    return error;
  }
}

Object.defineProperty(APIError.prototype, "name", { value: "APIError", configurable: true, writable: true });
markApiError(APIError.prototype);
