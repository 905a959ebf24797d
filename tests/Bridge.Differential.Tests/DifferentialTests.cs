using System.Globalization;
using System.Text;
using Bridge.Core.Buffers;
using Bridge.Core.Decoding;
using Bridge.Core.JsonSchemas;
using Bridge.Core.Schema;

namespace Bridge.Differential.Tests;

/// <summary>What a request's plan takes and refuses is what Ajv takes and refuses by the JSON Schema of the same type.</summary>
/// <remarks>Always the same types and values; with <c>DIFFERENTIAL_SEED=1000000</c> others.</remarks>
public sealed class DifferentialTests
{
    private const int Schemas = 1_700;
    private const int ValuesPerSchema = 120;
    private const int Processes = 2;
    private const int MostDisagreements = 10;

    [Fact]
    public async Task Decode_RandomValuesOfRandomTypes_AgreesWithAjv()
    {
        var runs = await Task.WhenAll(Enumerable.Range(0, Processes).Select(process => Task.Run(() => RunAsync(process))));

        var disagreements = runs.SelectMany(run => run.Disagreements).ToList();
        Assert.True(disagreements.Count == 0, string.Join("\n\n", disagreements.Take(MostDisagreements)));
        Assert.True(runs.Sum(run => run.Pairs) >= 200_000);

        // Both ways must be tried, for every shape and rule, or the test shows little.
        Assert.InRange(runs.Sum(run => run.Accepted), runs.Sum(run => run.Pairs) * 3 / 10, runs.Sum(run => run.Pairs) * 8 / 10);
        var seen = runs.SelectMany(run => run.Seen).GroupBy(part => part, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);
        Assert.All(ExpectedParts(), part => Assert.True(seen.GetValueOrDefault(part) >= 10, $"{part} came up {seen.GetValueOrDefault(part)} times"));
    }

    private static async Task<Run> RunAsync(int process)
    {
        using var ajv = new AjvProcess();
        using var output = new PooledBuffer();
        var run = new Run();
        var first = int.TryParse(Environment.GetEnvironmentVariable("DIFFERENTIAL_SEED"), NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? given : 0;
        for (var seed = first + process; seed < first + Schemas; seed += Processes)
        {
            var (application, root) = SchemaGenerator.Create(seed);
            var schema = JsonSchemaWriter.Document(application, root).ToJsonString();
            var values = new ValueGenerator(application, seed);
            var texts = Enumerable.Range(0, ValuesPerSchema).Select(_ => values.Next(root)).ToList();
            await ajv.SendAsync(schema, texts);
            var plan = RequestPlan.Compile(application, Endpoint(root), "POST");
            var failures = texts.ConvertAll(text => Decode(plan, text, output));
            run.Compare(seed, schema, new BeyondSchema(application), texts, failures, await ajv.ReadAsync());
            run.Seen.AddRange(Parts(application));
        }

        return run;
    }

    private static EndpointSchema Endpoint(uint request) => new() { Name = "take", Kind = EndpointKind.Typed, Methods = { "POST" }, Request = request };

    private static DecodeFailure? Decode(RequestPlan plan, string text, PooledBuffer output)
    {
        output.Truncate(0);
        return plan.Decode(new RequestParts { Body = Encoding.UTF8.GetBytes(text) }, output);
    }

    private static IEnumerable<string> Parts(Application application) =>
        application.Types_.SelectMany(type => RulesIn(type.Rule)
            .Append(type.ShapeCase == TypeSchema.ShapeOneofCase.Primitive ? type.Primitive.ToString() : type.ShapeCase.ToString())
            .Concat(type.Object is { Patterns.Count: > 0 } ? ["Patterns"] : [])
            .Concat(type.Object?.Fields.Any(field => field.HasDefaultJson) == true ? ["Default"] : []));

    private static IEnumerable<string> RulesIn(Rule? rule) => rule?.RuleCase switch
    {
        null => [],
        Rule.RuleOneofCase.All => rule.All.Rules.SelectMany(RulesIn).Append("All"),
        Rule.RuleOneofCase.Any => rule.Any.Rules.SelectMany(RulesIn).Append("Any"),
        Rule.RuleOneofCase.Is => [rule.Is.ToString()],
        var kind => [kind.ToString()!],
    };

    private static IEnumerable<string> ExpectedParts() =>
    [
        "Patterns", "Default",
        .. Enum.GetValues<Primitive>().Where(primitive => primitive != Primitive.Unspecified).Select(primitive => primitive.ToString()),
        .. Enum.GetNames<TypeSchema.ShapeOneofCase>().Except(["None", "Primitive"], StringComparer.Ordinal),
        .. Enum.GetNames<Rule.RuleOneofCase>().Except(["None", "Is"], StringComparer.Ordinal),
        .. PatternSamples.Formats.Keys.Select(format => format.ToString()),
    ];

    private sealed class Run
    {
        public int Pairs { get; private set; }

        public int Accepted { get; private set; }

        public List<string> Disagreements { get; } = [];

        public List<string> Seen { get; } = [];

        public void Compare(int seed, string schema, BeyondSchema beyond, List<string> texts, List<DecodeFailure?> failures, string verdicts)
        {
            if (verdicts.StartsWith('!'))
            {
                Disagreements.Add($"seed {seed}: the schema doesn't compile: {verdicts[1..]}\n{schema}");
                return;
            }

            for (var index = 0; index < texts.Count; index++)
            {
                var failure = failures[index];
                var isValid = verdicts[index] == '1';
                Pairs++;
                Accepted += failure is null ? 1 : 0;
                if (failure is null != isValid && !(isValid && beyond.Explains(failure!))) // Justification: only failures differ from valid.
                {
                    Disagreements.Add($"seed {seed}: a plan {(failure is null ? "takes" : $"refuses ({failure.Message})")}, Ajv {(isValid ? "takes" : "refuses")}\n{texts[index]}\n{schema}");
                }
            }
        }
    }
}
