/** The kinds of errors; each stands for an HTTP status. */
export enum ErrCode {
  /** No error; 200. */
  OK = "ok",
  /** The operation was cancelled, typically by the caller; 499. */
  Canceled = "canceled",
  /** An error of unknown kind; 500. */
  Unknown = "unknown",
  /** The request can't be valid, whatever the state of the system; 400. */
  InvalidArgument = "invalid_argument",
  /** The time ran out before the operation was done, though it may have had its effect; 504. */
  DeadlineExceeded = "deadline_exceeded",
  /** What was asked for doesn't exist; 404. */
  NotFound = "not_found",
  /** What was to be created exists; 409. */
  AlreadyExists = "already_exists",
  /** The caller is known, and not allowed to do this; 403. */
  PermissionDenied = "permission_denied",
  /** A quota or some other resource is used up; 429. */
  ResourceExhausted = "resource_exhausted",
  /** The system is not in the state the operation needs, and repeating it won't help; 400. */
  FailedPrecondition = "failed_precondition",
  /** The operation lost against a concurrent one, and can be repeated from its start; 409. */
  Aborted = "aborted",
  /** The request goes beyond the range that is valid now; 400. */
  OutOfRange = "out_of_range",
  /** The operation isn't implemented, or not enabled; 501. */
  Unimplemented = "unimplemented",
  /** An assumption of the system doesn't hold; 500. */
  Internal = "internal",
  /** The service can't answer now, and the same call may succeed later; 503. */
  Unavailable = "unavailable",
  /** Data is lost or corrupt beyond repair; 500. */
  DataLoss = "data_loss",
  /** The request has no valid credentials for the operation; 401. */
  Unauthenticated = "unauthenticated",
}
