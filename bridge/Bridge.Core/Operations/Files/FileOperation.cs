using System.Text.Json;

namespace Bridge.Core.Operations.Files;

/// <summary>The operation <c>file</c>: what <see cref="FileSystemOperations"/> does, on a thread of its own. Payload: <c>[operation, path, target, flag]</c>.</summary>
public sealed class FileOperation : IOperationHandler
{
    /// <summary>The kind by which scripts start it.</summary>
    public const string Kind = "file";

    /// <inheritdoc/>
    public ValueTask<OperationOutcome> RunAsync(JsonElement payload, byte[]? bytes, CancellationToken cancellation)
    {
        var request = new FileRequest(Text(payload, 0), Text(payload, 1), Text(payload, 2), payload[3].GetBoolean(), bytes ?? []);
        return new(Task.Run(() => FileSystemOperations.Run(request), CancellationToken.None));
    }

    private static string Text(JsonElement payload, int index) => payload[index].GetString() ?? "";
}
