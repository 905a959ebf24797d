using Bridge.Core.Operations;
using Bridge.Core.Scripting;

namespace Bridge.Core.Isolates;

/// <summary>What an isolate is given by the program that hosts it.</summary>
public sealed class IsolateOptions
{
    /// <summary><c>runtime.js</c>: the globals and the script's side of a turn.</summary>
    public required ScriptSource Runtime { get; init; }

    /// <summary>Heap limit in MiB; 0 leaves the engine's own.</summary>
    public int MaxHeapMiB { get; init; }

    /// <summary>Receives the application's log lines. Thread: the isolate's; it must return at once.</summary>
    public required IsolateLog Log { get; init; }

    /// <summary>
    /// Maps a position of a script (its name, 1-based line and column) to <c>file:line:column</c> of the source; null where unknown.
    /// Thread: the isolate's.
    /// </summary>
    public Func<string, int, int, string?> MapPosition { get; init; } = static (_, _, _) => null;

    /// <summary>How long a handler may take before its caller is told <see cref="AnswerKind.TimedOut"/>; infinite for no limit.</summary>
    public TimeSpan HandlerDeadline { get; init; } = Timeout.InfiniteTimeSpan;

    /// <summary>What <c>appMeta()</c> returns: a JSON object. Thread: the isolate's.</summary>
    public Func<string> AppMeta { get; init; } = static () => "{}";

    /// <summary>Finds a secret's value; null where there is none and the script that asks is to fail. Thread: the isolate's.</summary>
    public Func<string, string?> Secret { get; init; } = static _ => null;

    /// <summary>Finds the URI by which other programs reach a database; "" where there is none of that name. Thread: the isolate's.</summary>
    public Func<string, string> DatabaseUri { get; init; } = static _ => "";

    /// <summary>What <c>process.env</c> shows.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>What scripts can ask the host to do, by kind.</summary>
    public IReadOnlyDictionary<string, IOperationHandler> Operations { get; init; } = new Dictionary<string, IOperationHandler>();
}

/// <summary>Receives a log line of the application.</summary>
/// <param name="level">0 trace, 1 debug, 2 info, 3 warn, 4 error.</param>
/// <param name="message">The text.</param>
/// <param name="fieldsJson">A JSON object, or "" for none.</param>
public delegate void IsolateLog(int level, string message, string fieldsJson);
