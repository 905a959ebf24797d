using Bridge.Core.Scripting;
using Bridge.V8;
using Xunit;

namespace Bridge.Engine.Tests.Decoding;

/// <summary>The decoder's table of Unicode properties is the engine's; <c>UPDATE_GOLDEN=1</c> writes it anew, with the names that it has.</summary>
public sealed class UnicodePropertiesTests
{
    // Each range is the distance from the end of the last and, after a point, its length less one, in base 36.
    private const string Ranges = """
        const parts = [];
        for (let c = 0; c <= 0x10ffff; c++) if (c < 0xd800 || c > 0xdfff) parts.push(String.fromCodePoint(c));
        const everything = parts.join("");
        globalThis.rangesOf = (property) => {
          let last = 0;
          const ranges = [];
          let expression;
          try { expression = new RegExp(`\\p{${property}}+`, "gu"); } catch { return "unknown"; }
          for (const [run] of everything.matchAll(expression)) {
            const first = run.codePointAt(0);
            const unit = run.charCodeAt(run.length - 1);
            const end = unit >= 0xdc00 && unit <= 0xdfff ? run.codePointAt(run.length - 2) : unit;
            ranges.push((first - last).toString(36) + (end > first ? "." + (end - first).toString(36) : ""));
            last = end;
          }
          return ranges.join(" ");
        };
        """;

    [Fact]
    public async Task Table_EveryProperty_HasTheEnginesCodePoints()
    {
        var file = Path.Combine(RepositoryFolder(), "bridge", "Bridge.Core", "Decoding", "Patterns", "unicode-properties.txt");
        var expected = await File.ReadAllLinesAsync(file);
        var actual = new List<string>();
        await EngineThread.RunAsync(new V8EngineFactory(), engine =>
        {
            engine.Execute(new ScriptSource("ranges.js", Ranges));
            using var rangesOf = engine.GetFunction("rangesOf");
            actual.AddRange(expected.Select(line => $"{line[..line.IndexOf(':', StringComparison.Ordinal)]}:{rangesOf.Invoke(ScriptValue.From(Query(line))).AsText()}"));
        });
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            expected = [.. actual.Where(line => !line.EndsWith(":unknown", StringComparison.Ordinal))];
            actual = [.. expected];
            await File.WriteAllLinesAsync(file, expected);
        }

        Assert.Equal(expected, actual);
    }

    private static string Query(string line)
    {
        var (kind, name) = (line[..line.IndexOf(' ', StringComparison.Ordinal)], line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..line.IndexOf(':', StringComparison.Ordinal)].Split(',')[0]);
        return kind == "bin" ? name : $"{kind}={name}";
    }

    private static string RepositoryFolder()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Bridge.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("No folder above holds Bridge.sln.");
        }

        return folder;
    }
}
