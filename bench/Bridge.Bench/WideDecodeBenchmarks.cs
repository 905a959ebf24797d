using BenchmarkDotNet.Attributes;
using Bridge.Core.Buffers;
using Bridge.Core.Decoding;

namespace Bridge.Bench;

/// <summary>Bodies with more and more fields: time grows with them, allocations must not.</summary>
[MemoryDiagnoser]
public class WideDecodeBenchmarks : IDisposable
{
    private PooledBuffer _output = new();
    private RequestPlan? _plan;
    private byte[] _body = [];

    [Params(4, 16, 64, 256, 1024)]
    public int Fields { get; set; }

    [GlobalSetup]
    public void Compile()
    {
        (var application, var endpoint, _body) = BenchmarkSchema.Wide(Fields);
        _plan = RequestPlan.Compile(application, endpoint, "POST");
        _output = new PooledBuffer(_body.Length * 2);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _output.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark]
    public int Decode()
    {
        _output.Truncate(0);
        return _plan!.Decode(new RequestParts { Body = _body }, _output) is null ? _output.Length : throw new InvalidOperationException("refused");
    }
}
