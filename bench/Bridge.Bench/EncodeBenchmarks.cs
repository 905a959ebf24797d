using BenchmarkDotNet.Attributes;
using Bridge.Core.Buffers;
using Bridge.Core.Responses;
using Bridge.Core.Responses.Checking;

namespace Bridge.Bench;

/// <summary>
/// Answers on their way out: the comparison's small one, a wide one, and one with a field that isn't declared; and what development does besides,
/// where each answer is compared with its type.
/// </summary>
[MemoryDiagnoser]
public class EncodeBenchmarks : IDisposable
{
    private readonly PooledBuffer _output = new(64 * 1024);
    private readonly SilentHead _head = new();
    private readonly ResponsePlan _small;
    private readonly ResponsePlan _wide;
    private readonly byte[] _wideAnswer;
    private readonly byte[] _undeclared;
    private readonly ResponseCheck _smallCheck;
    private readonly ResponseCheck _wideCheck;

    public EncodeBenchmarks()
    {
        var (application, endpoint) = BenchmarkSchema.Validated();
        _small = ResponsePlan.Compile(application, endpoint);
        (var wideApplication, var wideEndpoint, _wideAnswer) = BenchmarkSchema.Wide(64);
        _wide = ResponsePlan.Compile(wideApplication, wideEndpoint);
        _smallCheck = ResponseCheck.Compile(application, endpoint) ?? throw new InvalidOperationException("The endpoint answers something.");
        _wideCheck = ResponseCheck.Compile(wideApplication, wideEndpoint) ?? throw new InvalidOperationException("The endpoint answers something.");
        _undeclared = [.. "{\"secret\":\"hash\","u8, .. _wideAnswer.AsSpan(1)];
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _output.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark(Baseline = true)]
    public bool Small() => Encode(_small, BenchmarkSchema.Answer);

    [Benchmark(Description = "64 fields")]
    public bool Wide() => Encode(_wide, _wideAnswer);

    [Benchmark(Description = "64 fields and one to drop")]
    public bool Undeclared() => Encode(_wide, _undeclared);

    [Benchmark(Description = "small, compared with its type")]
    public int SmallCheck() => _smallCheck.Check(BenchmarkSchema.Answer).Count;

    [Benchmark(Description = "64 fields, compared with their types")]
    public int WideCheck() => _wideCheck.Check(_wideAnswer).Count;

    private bool Encode(ResponsePlan plan, byte[] answer)
    {
        _output.Truncate(0);
        return plan.Encode(answer, _output, _head).HasBody;
    }

    private sealed class SilentHead : IResponseHead
    {
        public void SetStatus(int status)
        {
        }

        public void AddHeader(string name, string value)
        {
        }
    }
}
