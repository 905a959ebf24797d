using Bridge.Core.Buffers;
using Bridge.Core.Decoding.Json;
using Bridge.Core.Decoding.Nodes;
using Bridge.Core.Decoding.Plans;
using Bridge.Core.Schema;

namespace Bridge.Core.Responses;

/// <summary>Names that index signatures with a pattern admit: <c>[name: `x-${string}`]: number</c>.</summary>
internal sealed class NamePatterns
{
    // What a key decodes to goes nowhere.
    [ThreadStatic]
    private static PooledBuffer? _scratch;

    private readonly ValueNode[] _keys;

    public NamePatterns(Application application, IReadOnlyList<uint> keys)
    {
        var compiler = new PlanCompiler(application);
        _keys = [.. keys.Select(compiler.NodeOf)];
    }

    /// <summary>Whether a name is admitted.</summary>
    /// <param name="name">As the answer has it, escapes included.</param>
    public bool Match(ReadOnlySpan<byte> name)
    {
        if (_keys.Length == 0)
        {
            return false;
        }

        var text = new byte[name.Length];
        var length = JsonEscapes.Unescape(name, text);
        foreach (var key in _keys)
        {
            if (IsOf(key, text.AsSpan(0, length)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsOf(ValueNode key, ReadOnlySpan<byte> text)
    {
        var output = _scratch ??= new PooledBuffer();
        var cursor = new DecodeCursor(default, output, report: null);
        var isOf = key.DecodeText(ref cursor, text);
        cursor.Finish();
        output.Truncate(0);
        return isOf;
    }
}
