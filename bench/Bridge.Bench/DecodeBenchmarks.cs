using System.Text.Json;
using System.Text.Json.Serialization;
using BenchmarkDotNet.Attributes;
using Bridge.Core.Buffers;
using Bridge.Core.Decoding;

namespace Bridge.Bench;

/// <summary>
/// The validated request of the comparison: decoded by a plan, and its body by System.Text.Json's generated code, which checks less and builds
/// objects.
/// </summary>
[MemoryDiagnoser]
public class DecodeBenchmarks : IDisposable
{
    private readonly FixedHeaders _headers = new();
    private readonly PooledBuffer _output = new();
    private readonly RequestPlan _whole;
    private readonly RequestPlan _bodyAlone;

    public DecodeBenchmarks()
    {
        var (application, endpoint) = BenchmarkSchema.Validated();
        _whole = RequestPlan.Compile(application, endpoint, "POST");
        var body = endpoint.Clone();
        body.Request = (uint)application.Types_.Count;
        application.Types_.Add(application.Types_[(int)endpoint.Request].Clone());
        var fields = application.Types_[^1].Object.Fields;
        foreach (var field in fields.Where(field => field.Wire is not null).ToList())
        {
            fields.Remove(field);
        }

        _bodyAlone = RequestPlan.Compile(application, body, "POST");
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _output.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark(Description = "query, header and body")]
    public int Request()
    {
        _output.Truncate(0);
        var parts = new RequestParts { Body = BenchmarkSchema.Body, Query = BenchmarkSchema.Query, Headers = _headers };
        return _whole.Decode(parts, _output) is null ? _output.Length : throw new InvalidOperationException("refused");
    }

    [Benchmark(Description = "body")]
    public int Body()
    {
        _output.Truncate(0);
        return _bodyAlone.Decode(new RequestParts { Body = BenchmarkSchema.Body }, _output) is null
            ? _output.Length
            : throw new InvalidOperationException("refused");
    }

    [Benchmark(Baseline = true, Description = "body, System.Text.Json")]
    public object? SystemTextJson() => JsonSerializer.Deserialize(BenchmarkSchema.Body, BodyJson.Default.BenchmarkBody);

    private sealed class FixedHeaders : IRequestHeaders
    {
        public string? Find(string lowerCaseName) => lowerCaseName == "x-foo" ? "test" : null;
    }
}

/// <summary>The body as System.Text.Json's generator takes it.</summary>
public sealed class BenchmarkBody
{
    [JsonPropertyName("someKey")]
    public string? SomeKey { get; set; }

    [JsonPropertyName("someOtherKey")]
    public double? SomeOtherKey { get; set; }

    [JsonPropertyName("requiredKey")]
    public required double[] RequiredKey { get; set; }

    [JsonPropertyName("nullableKey")]
    public double? NullableKey { get; set; }

    [JsonPropertyName("multipleTypesKey")]
    public bool? MultipleTypesKey { get; set; }

    [JsonPropertyName("multipleRestrictedTypesKey")]
    public string? MultipleRestrictedTypesKey { get; set; }

    [JsonPropertyName("enumKey")]
    public NameKey EnumKey { get; set; }
}

/// <summary>The enum of the body.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<NameKey>))]
public enum NameKey
{
    John,
    Foo,
}

[JsonSerializable(typeof(BenchmarkBody))]
internal sealed partial class BodyJson : JsonSerializerContext;
