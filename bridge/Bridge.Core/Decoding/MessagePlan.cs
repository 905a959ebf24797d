using Bridge.Core.Buffers;
using Bridge.Core.Decoding.Json;
using Bridge.Core.Decoding.Nodes;
using Bridge.Core.Decoding.Plans;
using Bridge.Core.Decoding.Reporting;
using Bridge.Core.Schema;

namespace Bridge.Core.Decoding;

/// <summary>
/// How one JSON text of a declared type, a message of a stream say, becomes the value that JavaScript gets: checked against the type,
/// everything undeclared gone, defaults filled in.
/// </summary>
/// <remarks>
/// Values cross as with <see cref="RequestPlan"/>. A valid message allocates nothing; a bad one is decoded a second time to find out all that
/// is wrong with it. Immutable. Thread: any.
/// </remarks>
public sealed class MessagePlan
{
    private readonly ValueNode _root;
    private readonly bool _isSensitive;

    private MessagePlan(PlanCompiler compiler, uint type, bool isSensitive)
    {
        _root = compiler.NodeOf(type);
        _isSensitive = isSensitive;
        Reviver = Plans.Reviver.SourceFor(_root);
        compiler.CompleteDefaults();
    }

    /// <summary>As <see cref="RequestPlan.Reviver"/>.</summary>
    public string? Reviver { get; }

    /// <summary>Compiles the plan of a type.</summary>
    /// <param name="app">The application.</param>
    /// <param name="type">The type's id.</param>
    /// <param name="isSensitive">Whether failures say nothing of what came.</param>
    /// <exception cref="SchemaException">The artifact is damaged.</exception>
    public static MessagePlan Compile(Application app, uint type, bool isSensitive)
    {
        ArgumentNullException.ThrowIfNull(app);
        return new MessagePlan(new PlanCompiler(app), type, isSensitive);
    }

    /// <summary>Decodes a message.</summary>
    /// <param name="message">UTF-8 JSON, one value.</param>
    /// <param name="output">Gets the value appended; as it was after a failure.</param>
    /// <returns>Null when the message is valid.</returns>
    public DecodeFailure? Decode(ReadOnlySpan<byte> message, PooledBuffer output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var start = output.Length;
        if (Run(message, output, report: null))
        {
            return null;
        }

        output.Truncate(start);
        var report = new FailureReport(_isSensitive);
        Run(message, output, report);
        output.Truncate(start);
        return report.ToFailure();
    }

    private bool Run(ReadOnlySpan<byte> message, PooledBuffer output, FailureReport? report)
    {
        var cursor = new DecodeCursor(message, output, report);
        var isDone = ObjectRequest.OpenBody(ref cursor, message) && _root.Decode(ref cursor) && cursor.AtEnd();
        cursor.Finish();
        return isDone;
    }
}
