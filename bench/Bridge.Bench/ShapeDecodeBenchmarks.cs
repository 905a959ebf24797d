using BenchmarkDotNet.Attributes;
using Bridge.Core.Buffers;
using Bridge.Core.Decoding;
using Bridge.Core.Schema;

namespace Bridge.Bench;

/// <summary>Sixteen values of the shapes that look ahead or back: tagged unions, and a map of tuples.</summary>
[MemoryDiagnoser]
public class ShapeDecodeBenchmarks : IDisposable
{
    private readonly PooledBuffer _output = new();
    private readonly (RequestPlan Plan, byte[] Body) _tagFirst = Compile(BenchmarkSchema.Tagged(isTagLast: false));
    private readonly (RequestPlan Plan, byte[] Body) _tagLast = Compile(BenchmarkSchema.Tagged(isTagLast: true));
    private readonly (RequestPlan Plan, byte[] Body) _map = Compile(BenchmarkSchema.Map());

    [GlobalCleanup]
    public void Dispose()
    {
        _output.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark(Baseline = true, Description = "tagged union, tag first")]
    public int TagFirst() => Decode(_tagFirst);

    [Benchmark(Description = "tagged union, tag last")]
    public int TagLast() => Decode(_tagLast);

    [Benchmark(Description = "map of tuples")]
    public int Map() => Decode(_map);

    private static (RequestPlan Plan, byte[] Body) Compile((Application Application, EndpointSchema Endpoint, byte[] Body) schema) =>
        (RequestPlan.Compile(schema.Application, schema.Endpoint, "POST"), schema.Body);

    private int Decode((RequestPlan Plan, byte[] Body) request)
    {
        _output.Truncate(0);
        return request.Plan.Decode(new RequestParts { Body = request.Body }, _output) is null
            ? _output.Length
            : throw new InvalidOperationException("refused");
    }
}
