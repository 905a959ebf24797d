namespace Bridge.Core.Errors;

/// <summary>
/// The error codes of an answer: one enum for HTTP statuses, the SDK's <c>ErrCode</c> and logs.
/// </summary>
public enum ErrorCode
{
    /// <summary>No error.</summary>
    Ok,

    /// <summary>The caller cancelled the operation.</summary>
    Canceled,

    /// <summary>An error nothing more is known of.</summary>
    Unknown,

    /// <summary>The request can't be right, whatever the system's state.</summary>
    InvalidArgument,

    /// <summary>Time ran out before the operation finished.</summary>
    DeadlineExceeded,

    /// <summary>What was asked for doesn't exist.</summary>
    NotFound,

    /// <summary>What was to be created exists.</summary>
    AlreadyExists,

    /// <summary>The caller is known and may not.</summary>
    PermissionDenied,

    /// <summary>A quota or limit is used up.</summary>
    ResourceExhausted,

    /// <summary>The system isn't in the state the operation needs.</summary>
    FailedPrecondition,

    /// <summary>A concurrent operation got in the way.</summary>
    Aborted,

    /// <summary>Past the valid range.</summary>
    OutOfRange,

    /// <summary>Not supported here.</summary>
    Unimplemented,

    /// <summary>Something that must hold doesn't.</summary>
    Internal,

    /// <summary>Can't serve now; trying again may help.</summary>
    Unavailable,

    /// <summary>Data is lost or broken for good.</summary>
    DataLoss,

    /// <summary>No valid credentials.</summary>
    Unauthenticated,
}

/// <summary>How error codes are written and which HTTP status each has.</summary>
public static class ErrorCodes
{
    private static readonly string[] Names =
    [
        "ok", "canceled", "unknown", "invalid_argument", "deadline_exceeded", "not_found", "already_exists", "permission_denied",
        "resource_exhausted", "failed_precondition", "aborted", "out_of_range", "unimplemented", "internal", "unavailable", "data_loss",
        "unauthenticated",
    ];

    private static readonly int[] Statuses = [200, 499, 500, 400, 504, 404, 409, 403, 429, 400, 409, 400, 501, 500, 503, 500, 401];

    private static readonly Dictionary<string, ErrorCode> ByName =
        Names.Select((name, index) => (name, index)).ToDictionary(pair => pair.name, pair => (ErrorCode)pair.index, StringComparer.Ordinal);

    /// <summary>The code as answers and the SDK write it: <c>invalid_argument</c>.</summary>
    public static string Name(this ErrorCode code) => Names[(int)code];

    /// <summary>The HTTP status that carries the code.</summary>
    public static int HttpStatus(this ErrorCode code) => Statuses[(int)code];

    /// <summary>Reads a code as the SDK writes it; anything else is <see cref="ErrorCode.Unknown"/>.</summary>
    public static ErrorCode Parse(string? name) =>
        name is not null && ByName.TryGetValue(name, out var code) ? code : ErrorCode.Unknown;
}
