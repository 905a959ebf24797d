using Bridge.Core.Scripting;
using Bridge.V8;
using Xunit;

namespace Bridge.Engine.Tests.Scripting;

/// <summary>The compiled form that V8 keeps in a file.</summary>
public sealed class V8CodeCacheTests : IDisposable
{
    private const string Script = "globalThis.answer = (() => 6 * 7)()";

    private readonly string _folder = Directory.CreateTempSubdirectory("code-cache-").FullName;

    private string CachePath => Path.Combine(_folder, "not", "yet", "there", "app.cache");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Script_RunTwice_WritesTheCacheOnceAndUsesIt()
    {
        await RunAsync(Script, CachePath);
        var written = File.GetLastWriteTimeUtc(CachePath);
        var bytes = await File.ReadAllBytesAsync(CachePath);
        Assert.NotEmpty(bytes);

        await RunAsync(Script, CachePath);
        Assert.Equal(written, File.GetLastWriteTimeUtc(CachePath));
        Assert.Equal([CachePath], Directory.GetFiles(Path.GetDirectoryName(CachePath)!));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(4096)]
    public async Task Cache_OfOtherBytes_IsIgnoredAndReplaced(int length)
    {
        await RunAsync(Script, CachePath);
        var good = await File.ReadAllBytesAsync(CachePath);
        var bad = new byte[length];
        new Random(length).NextBytes(bad);
        await File.WriteAllBytesAsync(CachePath, bad);

        await RunAsync(Script, CachePath);
        Assert.Equal(good.Length, (await File.ReadAllBytesAsync(CachePath)).Length);
    }

    [Fact]
    public async Task Cache_WithAFlippedByte_IsIgnored()
    {
        await RunAsync(Script, CachePath);
        var bytes = await File.ReadAllBytesAsync(CachePath);
        for (var at = 0; at < bytes.Length; at += Math.Max(bytes.Length / 16, 1))
        {
            var flipped = bytes.ToArray();
            flipped[at] ^= 0x40;
            await File.WriteAllBytesAsync(CachePath, flipped);
            await RunAsync(Script, CachePath);
        }
    }

    [Fact]
    public async Task Cache_OfAnotherScript_IsIgnored()
    {
        await RunAsync("globalThis.answer = 0; globalThis.other = function () { return 'a script of another length' }; answer = 42", CachePath);
        await RunAsync(Script, CachePath);
    }

    [Fact]
    public async Task Cache_InAFolderThatCannotBe_CostsNothingButTime()
    {
        var file = Path.Combine(_folder, "file");
        await File.WriteAllTextAsync(file, "a file is no folder");
        await RunAsync(Script, Path.Combine(file, "app.cache"));
        Assert.Equal("a file is no folder", await File.ReadAllTextAsync(file));
    }

    [Fact]
    public async Task Cache_ThatIsAFolder_CostsNothingButTime()
    {
        Directory.CreateDirectory(CachePath);
        await RunAsync(Script, CachePath);
        Assert.True(Directory.Exists(CachePath));
    }

    [Fact]
    public async Task Module_RunTwice_UsesTheCache()
    {
        for (var time = 0; time < 2; time++)
        {
            await EngineThread.RunAsync(new V8EngineFactory(), engine =>
            {
                using var settled = engine.GetFunction("(...errors) => { globalThis.settled = errors.length }");
                engine.StartModule(new ScriptSource("app.js", "await null; globalThis.answer = 42", CachePath), settled);
                AssertAnswer(engine);
            });
        }
    }

    private static Task RunAsync(string text, string cachePath) => EngineThread.RunAsync(new V8EngineFactory(), engine =>
    {
        engine.Execute(new ScriptSource("app.js", text, cachePath));
        AssertAnswer(engine);
    });

    private static void AssertAnswer(IScriptEngine engine)
    {
        using var answer = engine.GetFunction("() => answer");
        Assert.Equal(42, answer.Invoke().AsNumber());
    }
}
