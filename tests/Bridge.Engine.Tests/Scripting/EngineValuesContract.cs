using Bridge.Core.Scripting;
using Bridge.Jint;
using Bridge.V8;
using Xunit;

namespace Bridge.Engine.Tests.Scripting;

public sealed class V8EngineValuesTests() : EngineValuesContract(new V8EngineFactory());

public sealed class JintEngineValuesTests() : EngineValuesContract(new JintEngineFactory());

/// <summary>How single values cross, both ways.</summary>
public abstract class EngineValuesContract(IScriptEngineFactory factory)
{
    private static readonly string Mebibyte = string.Concat(Enumerable.Repeat("0123456789abcdéf", 64 * 1024));

    public static TheoryData<string, double> Numbers => new()
    {
        { "0", 0 },
        { "-0", -0.0 },
        { "1", 1 },
        { "-1", -1 },
        { "2147483647", int.MaxValue },
        { "-2147483648", int.MinValue },
        { "2147483648", 2147483648 },
        { "4294967296", 4294967296 },
        { "9007199254740991", 9007199254740991 },
        { "0.1", 0.1 },
        { "1.7976931348623157e308", double.MaxValue },
        { "5e-324", double.Epsilon },
        { "NaN", double.NaN },
        { "Infinity", double.PositiveInfinity },
        { "-Infinity", double.NegativeInfinity },
    };

    public static TheoryData<string> Texts => new()
    {
        "",
        "plain",
        "zero\0inside",
        "ünïcödé – ✓ 漢字",
        "astral 😀🏳️‍🌈",
        "lone \ud800 high",
        "lone \udc00 low",
        "swapped \udc00\ud800",
        "\ufefforder mark",
    };

    [Theory]
    [MemberData(nameof(Numbers))]
    public Task Number_Crosses_KeepsItsValue(string expression, double value) => EngineThread.RunAsync(factory, engine =>
    {
        using var returned = engine.GetFunction($"() => {expression}");
        Assert.Equal(value, returned.Invoke().AsNumber());

        using var same = engine.GetFunction($"(value) => Object.is(value, {expression})");
        Assert.True(same.Invoke(ScriptValue.From(value)).AsBoolean());

        var heard = ThroughHost(engine, expression).AsNumber();
        Assert.Equal(value, heard);
        Assert.Equal(double.IsNegative(value) && value == 0, double.IsNegative(heard) && heard == 0);
    });

    [Theory]
    [MemberData(nameof(Texts))]
    public Task Text_Crosses_KeepsEveryUnit(string text) => EngineThread.RunAsync(factory, engine => AssertTextCrosses(engine, text));

    [Fact]
    public Task Text_OfAMebibyte_Crosses() => EngineThread.RunAsync(factory, engine => AssertTextCrosses(engine, Mebibyte));

    [Fact]
    public Task UndefinedNullBoolean_Cross_AsThemselves() => EngineThread.RunAsync(factory, engine =>
    {
        using var identity = engine.GetFunction("(value) => value");
        using var typed = engine.GetFunction("(value) => value === null ? 'null' : typeof value");
        (ScriptValue Value, string Type)[] cases =
        [
            (ScriptValue.Undefined, "undefined"),
            (ScriptValue.Null, "null"),
            (ScriptValue.From(true), "boolean"),
            (ScriptValue.From(false), "boolean"),
            (ScriptValue.From((string?)null), "null"),
            (ScriptValue.From((byte[]?)null), "null"),
        ];
        foreach (var (value, type) in cases)
        {
            Assert.Equal(value, identity.Invoke(value));
            Assert.Equal(type, typed.Invoke(value).AsText());
        }

        Assert.Equal(ScriptValue.Undefined, ThroughHost(engine, "undefined"));
        Assert.Equal(ScriptValue.Null, ThroughHost(engine, "null"));
        Assert.Equal(ScriptValue.From(true), ThroughHost(engine, "true"));
    });

    [Theory]
    [InlineData("({})")]
    [InlineData("[]")]
    [InlineData("Symbol('s')")]
    [InlineData("() => 1")]
    [InlineData("new Date(0)")]
    [InlineData("Promise.resolve(1)")]
    public Task OtherValue_ReachesHost_AsUndefined(string expression) => EngineThread.RunAsync(factory, engine =>
    {
        using var returned = engine.GetFunction($"() => ({expression})");
        Assert.Equal(ScriptValueKind.Undefined, returned.Invoke().Kind);
        Assert.Equal(ScriptValueKind.Undefined, ThroughHost(engine, expression).Kind);
    });

    [Theory]
    [InlineData("new Uint8Array([1, 2, 3])", "010203")]
    [InlineData("new Uint8Array(0)", "")]
    [InlineData("new Uint8Array([1, 2, 3, 4, 5]).subarray(1, 4)", "020304")]
    [InlineData("new Uint8Array([1, 2, 3]).subarray(3)", "")]
    [InlineData("new Uint8Array(new ArrayBuffer(8), 2, 3).fill(9)", "090909")]
    [InlineData("new (class Buffer extends Uint8Array {})([7, 8])", "0708")]
    [InlineData("new Uint8Array([1, 2]).buffer", "0102")]
    [InlineData("new ArrayBuffer(0)", "")]
    public Task Bytes_ReachHost_AsTheViewShowsThem(string expression, string hex) => EngineThread.RunAsync(factory, engine =>
    {
        using var returned = engine.GetFunction($"() => {expression}");
        Assert.Equal(hex, Convert.ToHexString(returned.Invoke().AsBytes()));
        Assert.Equal(hex, Convert.ToHexString(ThroughHost(engine, expression).AsBytes()));
    });

    [Fact]
    public Task Bytes_ReachScript_AsAnUint8Array() => EngineThread.RunAsync(factory, engine =>
    {
        using var describe = engine.GetFunction("(bytes) => `${bytes instanceof Uint8Array} ${bytes.length} ${Array.from(bytes).join(',')}`");
        Assert.Equal("true 3 0,128,255", describe.Invoke(ScriptValue.From([0, 128, 255])).AsText());
        Assert.Equal("true 0 ", describe.Invoke(ScriptValue.From(Array.Empty<byte>())).AsText());
    });

    [Fact]
    public Task Bytes_ChangedAfterwards_AreCopiesOnBothSides() => EngineThread.RunAsync(factory, engine =>
    {
        byte[] given = [1, 2, 3];
        using var keep = engine.GetFunction("(bytes) => { globalThis.kept = bytes; return bytes }");
        var returned = keep.Invoke(ScriptValue.From(given)).AsBytes();
        given[0] = 99;
        returned[1] = 99;
        engine.Execute(new ScriptSource("change.js", "kept[2] = 77"));

        using var kept = engine.GetFunction("() => kept");
        Assert.Equal([1, 2, 77], kept.Invoke().AsBytes());
        Assert.Equal([1, 99, 3], returned);
    });

    [Fact]
    public Task Bytes_OfAMebibyte_Cross() => EngineThread.RunAsync(factory, engine =>
    {
        var bytes = new byte[1024 * 1024];
        new Random(1).NextBytes(bytes);
        using var identity = engine.GetFunction("(bytes) => bytes");
        Assert.Equal(bytes, identity.Invoke(ScriptValue.From(bytes)).AsBytes());
        Assert.Equal(bytes, identity.Invoke(ScriptValue.From(bytes)).AsBytes());
    });

    [Fact]
    public Task Arguments_FewerThanThereAre_AreAllThatTheHostSees() => EngineThread.RunAsync(factory, engine =>
    {
        var counts = new List<int>();
        engine.DefineHost("host", [new HostFunction("count", arguments => ScriptValue.From(Count(arguments)))]);
        engine.Execute(new ScriptSource("count.js", "host.count(); host.count(undefined); host.count(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)"));
        Assert.Equal([0, 1, 12], counts);

        int Count(ReadOnlySpan<ScriptValue> arguments)
        {
            counts.Add(arguments.Length);
            return arguments.Length;
        }
    });

    [Fact]
    public Task Invoke_WithDifferentArgumentCounts_PassesNoStaleArguments() => EngineThread.RunAsync(factory, engine =>
    {
        using var join = engine.GetFunction("(...all) => all.join()");
        Assert.Equal("1,2", join.Invoke(ScriptValue.From(1), ScriptValue.From(2)).AsText());
        Assert.Equal("", join.Invoke().AsText());
        Assert.Equal("3,4", join.Invoke(ScriptValue.From(3), ScriptValue.From(4)).AsText());
        Assert.Equal("5", join.Invoke(ScriptValue.From(5)).AsText());
    });

    [Fact]
    public void ScriptValue_ReadAsAnotherKind_SaysWhichItIs()
    {
        var mismatch = Assert.Throws<InvalidOperationException>(() => ScriptValue.From("x").AsNumber());
        Assert.Contains("Text", mismatch.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => ScriptValue.Undefined.AsText());
        Assert.Throws<InvalidOperationException>(() => ScriptValue.Null.AsBytes());
        Assert.Throws<InvalidOperationException>(() => ScriptValue.From(1).AsBoolean());
        Assert.True(ScriptValue.Undefined.IsNullish && ScriptValue.Null.IsNullish && !ScriptValue.From(false).IsNullish);
        Assert.NotEqual(ScriptValue.Undefined, ScriptValue.Null);
    }

    private static void AssertTextCrosses(IScriptEngine engine, string text)
    {
        using var units = engine.GetFunction("(text) => `${text.length}:${text.charCodeAt(0)}:${text.charCodeAt(text.length - 1)}`");
        using var identity = engine.GetFunction("(text) => text");
        var value = ScriptValue.From(text);
        Assert.Equal(text, identity.Invoke(value).AsText());
        var expected = text.Length == 0 ? "0:NaN:NaN" : $"{text.Length}:{(int)text[0]}:{(int)text[^1]}";
        Assert.Equal(expected, units.Invoke(value).AsText());

        ScriptValue heard = default;
        engine.DefineHost("host", [new HostFunction("say", arguments => heard = arguments[0])]);
        using var throughHost = engine.GetFunction("(text) => host.say(text) === text");
        Assert.True(throughHost.Invoke(value).AsBoolean());
        Assert.Equal(text, heard.AsText());
    }

    private static ScriptValue ThroughHost(IScriptEngine engine, string expression)
    {
        ScriptValue heard = default;
        engine.DefineHost("host", [new HostFunction("say", arguments => heard = arguments[0])]);
        engine.Execute(new ScriptSource("say.js", $"host.say({expression})"));
        return heard;
    }
}
