using System.Text.Json;
using System.Text.Json.Nodes;

namespace Bridge.Core.Operations;

/// <summary>Does one kind of work for scripts, off the isolate's thread.</summary>
public interface IOperationHandler
{
    /// <summary>Whether it can be given up once it has begun. Where it can't, it is cheaper.</summary>
    bool CanBeCancelled => true;

    /// <summary>Does the work. It is called even where <paramref name="cancellation"/> has come already, since some count what reaches them.</summary>
    /// <param name="payload">What the script sent; valid until the returned task is done.</param>
    /// <param name="bytes">The bytes that came with it; null for none.</param>
    /// <param name="cancellation">Nobody waits any more.</param>
    /// <returns>What the script receives.</returns>
    /// <exception cref="OperationException">The script's promise rejects with an error of that name and message.</exception>
    ValueTask<OperationOutcome> RunAsync(JsonElement payload, byte[]? bytes, CancellationToken cancellation);
}

/// <summary>What an operation gives back: a JSON text, and bytes where it has any.</summary>
/// <param name="Json">The value; "null" for none.</param>
/// <param name="Bytes">Reach the script as a Uint8Array.</param>
public readonly record struct OperationOutcome(string Json, byte[]? Bytes = null)
{
    /// <summary>An operation that answers nothing.</summary>
    public static OperationOutcome None => new("null");
}

/// <summary>An operation's failure, as the script sees it.</summary>
/// <param name="name">The error's name: "TypeError", "AbortError".</param>
/// <param name="message">Its message.</param>
/// <param name="code">Its <c>code</c>, as Node names it: "ECONNREFUSED"; null for none.</param>
/// <param name="inner">What lies behind it; its message becomes the error's <c>cause</c>.</param>
public sealed class OperationException(string name, string message, string? code = null, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The error's code; null for none.</summary>
    public string? Code { get; } = code;

    /// <summary>Further properties of the error, such as a constraint's name; null for none.</summary>
    public JsonObject? Fields { get; init; }

    /// <summary>The error's name.</summary>
    public string Name { get; } = name;
}
