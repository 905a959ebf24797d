using Bridge.Core.Decoding.Json;
using Bridge.Core.Decoding.Reporting;

namespace Bridge.Core.Decoding.Nodes;

/// <summary>
/// One of several types: the first, in declaration order, that the value fits. Options that no value of the kind at hand can be are not tried.
/// </summary>
internal sealed class UnionNode : ValueNode
{
    private static readonly JsonKinds[] KindOrder =
        [JsonKinds.Null, JsonKinds.Boolean, JsonKinds.Number, JsonKinds.Text, JsonKinds.Array, JsonKinds.Object];

    private readonly ValueNode[] _options;
    private readonly int[][] _byKind;

    public UnionNode(ValueNode[] options)
    {
        _options = options;
        _byKind = Array.ConvertAll(KindOrder, kind => Candidates(options, kind));
        Kinds = options.Aggregate(JsonKinds.None, (kinds, option) => kinds | option.Kinds);
        CrossingKinds = options.Aggregate(JsonKinds.None, (kinds, option) => kinds | option.CrossingKinds);
        Expected = Expectation.AnyOf([.. options.Select(option => option.Expected).Distinct(StringComparer.Ordinal)]);
    }

    public override JsonKinds Kinds { get; }

    public override JsonKinds CrossingKinds { get; }

    public override string Expected { get; }

    /// <summary>The options, in declaration order.</summary>
    public IReadOnlyList<ValueNode> Options => _options;

    /// <summary>
    /// Whether a value crosses as <c>[index of its option, value]</c>: set where the reviver couldn't tell by the value which option it is.
    /// </summary>
    public bool IsTagged { get; set; }

    public override bool Decode(ref DecodeCursor cursor)
    {
        var kind = cursor.PeekKind();
        if (kind == JsonKinds.None)
        {
            return cursor.Mismatch(this);
        }

        var candidates = _byKind[JsonBytes.IndexOf(kind)];
        return candidates.Length switch
        {
            0 => cursor.Mismatch(this),
            1 => DecodeOption(ref cursor, candidates[0]),
            _ => TryEach(ref cursor, candidates),
        };
    }

    public override bool DecodeText(ref DecodeCursor cursor, scoped ReadOnlySpan<byte> text)
    {
        var mark = cursor.Mark();
        for (var option = 0; option < _options.Length; option++)
        {
            OpenTag(ref cursor, option);
            if (_options[option].DecodeText(ref cursor, text))
            {
                CloseTag(ref cursor);
                cursor.Report = mark.Report;
                return true;
            }

            cursor.RewindOutput(mark.OutputLength);
        }

        cursor.Report = mark.Report;
        return cursor.Mismatch(this, text);
    }

    /// <summary>Writes what precedes a value of an option.</summary>
    public void OpenTag(ref DecodeCursor cursor, int option)
    {
        if (IsTagged)
        {
            cursor.Write((byte)'[');
            cursor.Write((long)option);
            cursor.Write((byte)',');
        }
    }

    /// <summary>Writes what follows a value.</summary>
    public void CloseTag(ref DecodeCursor cursor)
    {
        if (IsTagged)
        {
            cursor.Write((byte)']');
        }
    }

    private static int[] Candidates(ValueNode[] options, JsonKinds kind) =>
        [.. Enumerable.Range(0, options.Length).Where(index => (options[index].Kinds & kind) != JsonKinds.None)];

    private bool DecodeOption(ref DecodeCursor cursor, int option)
    {
        OpenTag(ref cursor, option);
        if (!_options[option].Decode(ref cursor))
        {
            return false;
        }

        CloseTag(ref cursor);
        return true;
    }

    private bool TryEach(ref DecodeCursor cursor, int[] candidates)
    {
        var mark = cursor.Mark();
        foreach (var option in candidates)
        {
            if (DecodeOption(ref cursor, option))
            {
                cursor.Report = mark.Report;
                return true;
            }

            if (!cursor.Rewind(mark))
            {
                cursor.Report = mark.Report;
                return cursor.Fault("too many ways to read the value");
            }
        }

        cursor.Report = mark.Report;
        var canExplain = mark.Report is { IsProbe: false } && cursor.PeekKind() is JsonKinds.Object or JsonKinds.Array;
        return canExplain ? Explain(ref cursor, candidates, mark.Report!) : cursor.Mismatch(this); // Justification: tested just above.
    }

    /// <summary>Reports what keeps the value from the option that it comes closest to, rather than that it is none of them.</summary>
    private bool Explain(ref DecodeCursor cursor, int[] candidates, FailureReport report)
    {
        var mark = cursor.Mark();
        FailureReport? closest = null;
        foreach (var option in candidates)
        {
            var probe = report.Probe();
            cursor.Report = probe;
            DecodeOption(ref cursor, option);
            probe.EndProbe();
            closest = closest is null || probe.IsCloserThan(closest) ? probe : closest;
            if (!cursor.Rewind(mark))
            {
                break;
            }
        }

        cursor.Report = report;
        return cursor.SkipValue() && report.Adopt(closest ?? report.Probe());
    }
}
