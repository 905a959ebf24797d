using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Encore.Host.Tests.Http;

namespace Encore.Host.Tests.Probes;

/// <summary>
/// Golden cases from their sources to HTTP: the program's own compiler and bundler, then extraction's plans, V8 and the encoder answer requests.
/// </summary>
public sealed class ProbeTests(CaseCompiler compiler) : IClassFixture<CaseCompiler>
{
    public static TheoryData<string> Cases { get; } = [.. ProbedCase.All.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Probes_OfACase_AreAnsweredAsExpected(string name)
    {
        var one = ProbedCase.All[name];
        var (compiled, bundle) = await compiler.BuildAsync(one);
        Assert.True(compiled.Schema is not null, string.Join('\n', compiled.Messages));
        await using var hosts = new ProbeHosts(one, compiled.Schema, bundle);
        var failures = new StringBuilder();
        foreach (var probe in one.Probes)
        {
            var host = await hosts.ForAsync(probe);
            var response = await host.SendAsync(RequestOf(probe));
            foreach (var difference in Compare(probe, response, host))
            {
                failures.Append(CultureInfo.InvariantCulture, $"\n{probe.Request} {probe.Body?.GetRawText() ?? probe.Text}\n  {difference}\n  answered {response.Status}: {response.Body}\n");
            }
        }

        Assert.True(failures.Length == 0, failures.ToString());
    }

    [Fact]
    public void Probes_OfEveryCase_AcceptAndRefuse() => Assert.All(ProbedCase.All.Values, one =>
    {
        Assert.All(one.Probes, probe => Assert.True(probe.Says, $"{one.Name}: {probe.Request} expects nothing"));
        Assert.Contains(one.Probes, probe => (probe.Status ?? 200) < 400 && probe.Violations is null);
        Assert.Contains(one.Probes, probe => probe.Status >= 400 || probe.Violations is not null);
    });

    private static string RequestOf(Probe probe)
    {
        var body = probe.Text ?? probe.Body?.GetRawText();
        var head = new StringBuilder($"{probe.Request} HTTP/1.1\r\nHost: probe\r\n");
        foreach (var (name, value) in probe.Headers)
        {
            foreach (var line in Probe.Lines(value))
            {
                head.Append($"{name}: {line}\r\n");
            }
        }

        return body is null ? $"{head}\r\n" : $"{head}Content-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}";
    }

    private static IEnumerable<string> Compare(Probe probe, RawResponse response, TestHost host)
    {
        var status = probe.Status ?? (probe.Violations is null ? 200 : 400);
        if (response.Status != status)
        {
            yield return $"expected status {status}";
            yield break;
        }

        if (probe.Empty && response.Body.Length > 0)
        {
            yield return "expected no body";
        }

        if (probe.HasExpectedBody && !JsonNode.DeepEquals(probe.ExpectedBody, Parsed(response.Body)))
        {
            yield return $"expected {probe.ExpectedBody?.ToJsonString() ?? "null"}";
        }

        if (probe.Message is { } message && Member(response, "message") != message)
        {
            yield return $"expected message {message}";
        }

        if (probe.Violations is { } violations && !violations.SequenceEqual(ViolationsOf(response), StringComparer.Ordinal))
        {
            yield return $"expected violations {string.Join(", ", violations)}";
        }

        foreach (var (name, lines) in probe.AnswerHeaders.Select(header => (header.Key, Probe.Lines(header.Value).ToList())))
        {
            if (!lines.SequenceEqual(response.Headers[name], StringComparer.Ordinal))
            {
                yield return $"expected header {name}: {string.Join(" | ", lines)}, got {string.Join(" | ", response.Headers[name])}";
            }
        }

        if (probe.Differences is { } differences && !differences.SequenceEqual(DifferencesOf(host.LoggedOf(response)), StringComparer.Ordinal))
        {
            yield return $"expected differences {string.Join(", ", differences)}, got {string.Join(", ", DifferencesOf(host.LoggedOf(response)))}";
        }
    }

    private static JsonNode? Parsed(string body) => body.Length == 0 ? JsonValue.Create("(no body)") : JsonNode.Parse(body);

    private static string? Member(RawResponse response, string name) => response.Json.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static IEnumerable<string> ViolationsOf(RawResponse response) =>
        response.Json.GetProperty("details") is { ValueKind: JsonValueKind.Object } details && details.TryGetProperty("violations", out var violations)
            ? violations.EnumerateArray().Select(item => $"{item.GetProperty("in").GetString()} {item.GetProperty("path").GetString()} {item.GetProperty("rule").GetString()}")
            : [];

    private static IEnumerable<string> DifferencesOf(IEnumerable<JsonElement> lines) => lines
        .Where(line => line.GetProperty("message").GetString()!.StartsWith("the answer isn't what its type says", StringComparison.Ordinal))
        .Select(line => $"{line.GetProperty("path").GetString()} {line.GetProperty("rule").GetString()}");
}
