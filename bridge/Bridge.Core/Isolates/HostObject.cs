using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Bridge.Core.Operations;
using Bridge.Core.Operations.Files;
using Bridge.Core.Scripting;

namespace Bridge.Core.Isolates;

/// <summary>The functions that scripts call at once, without a turn; <c>ts-sdk/src/internal/host.ts</c> describes them.</summary>
internal sealed class HostObject
{
    internal const string GlobalName = "__encoreHost";
    internal const string FlushName = "flush";

    private const string Missing = "undefined";
    private const int MaxRandomBytes = 65_536;

    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly IsolateOptions _options;
    private readonly OperationBytes _bytes;
    private readonly Action<string> _loaded;
    private readonly long _started = Stopwatch.GetTimestamp();

    /// <param name="options">What the isolate was given.</param>
    /// <param name="bytes">Where operations' bytes wait.</param>
    /// <param name="loaded">The application's module is done: "" or a description of the error that ended it.</param>
    /// <param name="describe">The request behind a slot, as <see cref="ICallSource.Describe"/> has it; "" for none.</param>
    /// <param name="remaining">Milliseconds that are left for the answer of the call in a slot.</param>
    internal HostObject(IsolateOptions options, OperationBytes bytes, Action<string> loaded, Func<int, string> describe, Func<int, double> remaining)
    {
        _options = options;
        _bytes = bytes;
        _loaded = loaded;
        Functions =
        [
            new("log", Log),
            new("mapPosition", arguments => ScriptValue.From(MapPosition(arguments))),
            new("now", _ => ScriptValue.From(Now)),
            new("random", arguments => ScriptValue.From(RandomNumberGenerator.GetBytes(Math.Clamp((int)arguments[0].AsNumber(), 0, MaxRandomBytes)))),
            new("environment", _ => ScriptValue.From(JsonSerializer.Serialize(_options.Environment, Json))),
            new("encodeUtf8", arguments => ScriptValue.From(Encoding.UTF8.GetBytes(arguments[0].AsText()))),
            new("decodeText", arguments => ScriptValue.From(TextEncodings.Decode(arguments[0].AsBytes(), arguments[1].AsText(), arguments[2].AsBoolean()))),
            new("describe", arguments => ScriptValue.From(describe((int)arguments[0].AsNumber()))),
            new("remaining", arguments => ScriptValue.From(remaining((int)arguments[0].AsNumber()))),
            new("callSupport", _ => ScriptValue.From(CallScripts?.Support ?? "")),
            new("callScripts", arguments => ScriptValue.From(ScriptsOf((int)arguments[0].AsNumber()))),
            new("checkRule", arguments => CallScripts?.Check(arguments) ?? ScriptValue.Undefined),
            new("appMeta", _ => ScriptValue.From(_options.AppMeta())),
            new("databaseUri", arguments => ScriptValue.From(_options.DatabaseUri(arguments[0].AsText()))),
            new("secret", arguments => ScriptValue.From(_options.Secret(arguments[0].AsText()))),
            new("workingDirectory", _ => ScriptValue.From(Environment.CurrentDirectory)),
            new("file", RunFile),
            new("attach", Attach),
            new("take", arguments => ScriptValue.From(_bytes.Take((int)arguments[0].AsNumber()))),
            new("loaded", Loaded),
        ];
    }

    internal IReadOnlyList<HostFunction> Functions { get; }

    /// <summary>Checks and copies what services pass each other; null for nothing.</summary>
    internal ICallScripts? CallScripts { get; set; }

    /// <summary>Milliseconds since the isolate's start.</summary>
    internal double Now => Stopwatch.GetElapsedTime(_started).TotalMilliseconds;

    private ScriptValue Log(ReadOnlySpan<ScriptValue> arguments)
    {
        _options.Log((int)arguments[0].AsNumber(), arguments[1].AsText(), arguments[2].AsText());
        return ScriptValue.Undefined;
    }

    // An expression whose value is the functions.
    private string ScriptsOf(int endpoint)
    {
        if (CallScripts?.Of(endpoint) is not { } scripts)
        {
            return "";
        }

        return $"[{scripts.Request ?? Missing},{scripts.Response ?? Missing},{scripts.Incoming ?? Missing},{scripts.Outgoing ?? Missing}]";
    }

    private string MapPosition(ReadOnlySpan<ScriptValue> arguments) =>
        _options.MapPosition(arguments[0].AsText(), (int)arguments[1].AsNumber(), (int)arguments[2].AsNumber()) ?? "";

    // Contents as they are; else {"value":…} or {"error":…}.
    private static ScriptValue RunFile(ReadOnlySpan<ScriptValue> arguments)
    {
        var bytes = arguments[4].IsNullish ? [] : arguments[4].AsBytes();
        var request = new FileRequest(arguments[0].AsText(), arguments[1].AsText(), arguments[2].AsText(), arguments[3].AsBoolean(), bytes);
        try
        {
            var outcome = FileSystemOperations.Run(request);
            return outcome.Bytes is { } contents ? ScriptValue.From(contents) : ScriptValue.From($$"""{"value":{{outcome.Json}}}""");
        }
        catch (OperationException failure)
        {
            var error = OperationFailure.Describe(failure.Name, failure.Message, failure.Code, fields: failure.Fields);
            return ScriptValue.From($$"""{"error":{{error.Json}}}""");
        }
    }

    private ScriptValue Attach(ReadOnlySpan<ScriptValue> arguments)
    {
        _bytes.Attach((int)arguments[0].AsNumber(), arguments[1].AsBytes());
        return ScriptValue.Undefined;
    }

    private ScriptValue Loaded(ReadOnlySpan<ScriptValue> arguments)
    {
        _loaded(arguments[0].AsText());
        return ScriptValue.Undefined;
    }
}
