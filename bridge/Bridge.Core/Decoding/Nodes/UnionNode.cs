using Bridge.Core.Decoding.Json;
using Bridge.Core.Decoding.Reporting;

namespace Bridge.Core.Decoding.Nodes;

/// <summary>
/// One of several types. Where a tag tells its objects apart, it is looked up; else the first option, in declaration order, that the value
/// fits. Options that no value of the kind at hand can be are not tried.
/// </summary>
internal sealed class UnionNode : ValueNode
{
    private static readonly JsonKinds[] KindOrder =
        [JsonKinds.Null, JsonKinds.Boolean, JsonKinds.Number, JsonKinds.Text, JsonKinds.Array, JsonKinds.Object];

    private readonly int _id;
    private ValueNode[] _options = [];
    private string[] _names = [];
    private int[][] _byKind = [];
    private bool[] _isExplained = [];
    private UnionTags? _tags;
    private JsonKinds _kinds;
    private JsonKinds _crossingKinds;
    private string _expected = "";

    /// <summary>Creates the node.</summary>
    /// <param name="id">A number that no other union of the plan has.</param>
    public UnionNode(int id) => _id = id;

    public override JsonKinds Kinds => _kinds;

    public override JsonKinds CrossingKinds => _crossingKinds;

    public override string Expected => _expected;

    /// <summary>The options, in declaration order.</summary>
    public IReadOnlyList<ValueNode> Options => _options;

    /// <summary>What messages call each option.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>What tells the options that are objects apart; null where nothing does.</summary>
    public UnionTags? Tags => _tags;

    /// <summary>
    /// Whether a value crosses as <c>[index of its option, value]</c>: set where the reviver couldn't tell by the value which option it is.
    /// </summary>
    public bool IsTagged { get; set; }

    /// <summary>Completes the node: its options may be of types that refer back to it.</summary>
    /// <param name="options">The options, in declaration order; none is a union.</param>
    /// <param name="names">What messages call each.</param>
    /// <param name="tags">What tells those that are objects apart, or null.</param>
    public void Link(ValueNode[] options, string[] names, UnionTags? tags)
    {
        (_options, _names, _tags) = (options, names, tags);
        _byKind = Array.ConvertAll(KindOrder, kind => Candidates(options, kind));

        // Of lists and objects it is worth saying what keeps the value from each; of plain values only where rules do.
        _isExplained = Array.ConvertAll(KindOrder, kind =>
            kind is JsonKinds.Array or JsonKinds.Object || Array.Exists(Candidates(options, kind), index => options[index] is RuledNode));
        _kinds = options.Aggregate(JsonKinds.None, (kinds, option) => kinds | option.Kinds);
        _crossingKinds = options.Aggregate(JsonKinds.None, (kinds, option) => kinds | option.CrossingKinds);
        _expected = Expectation.AnyOf([.. options.Select(option => option.Expected).Distinct(StringComparer.Ordinal)]);
    }

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
            _ when kind == JsonKinds.Object && _tags is not null => DecodeTagged(ref cursor, _tags),
            _ => TryEach(ref cursor, candidates, _isExplained[JsonBytes.IndexOf(kind)]),
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
                cursor.EndTrial(mark);
                return true;
            }

            cursor.RewindOutput(mark.OutputLength);
        }

        cursor.EndTrial(mark);

        // Where all speak of text alike, what keeps the value from the first says more than that it is none of them.
        var isRuled = mark.Report is not null && Array.TrueForAll(_options, option => option is RuledNode && option.Expected == Expected);
        return isRuled ? _options[0].DecodeText(ref cursor, text) : cursor.Mismatch(this, text);
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

    private bool DecodeTagged(ref DecodeCursor cursor, UnionTags tags)
    {
        if (!tags.TryFind(ref cursor, out var option))
        {
            return false;
        }

        if (option < 0)
        {
            return tags.Reject(ref cursor);
        }

        var report = cursor.Report;
        if (report is null)
        {
            return DecodeOption(ref cursor, option);
        }

        var outer = report.Branch;
        report.Branch = _names[option];
        var isDone = DecodeOption(ref cursor, option);
        report.Branch = outer;
        return isDone;
    }

    private bool TryEach(ref DecodeCursor cursor, int[] candidates, bool isExplained)
    {
        if (!cursor.KnownChoice(_id, out var choice))
        {
            if (!Choose(ref cursor, candidates, out choice))
            {
                return cursor.Fault("too many ways to read the value");
            }

            if (choice >= 0)
            {
                return true;
            }
        }

        if (choice >= 0)
        {
            return DecodeOption(ref cursor, choice);
        }

        return cursor.Report is not { } report ? false
            : !isExplained ? cursor.Mismatch(this)
            : !report.IsProbe ? Explain(ref cursor, candidates, report)
            : RejectUnexplained(ref cursor, report);
    }

    private bool RejectUnexplained(ref DecodeCursor cursor, FailureReport report)
    {
        var start = cursor.Position;
        return cursor.SkipValue() && report.Add("type", "no option of the union fits", expected: Expected, got: cursor.InputFrom(start));
    }

    /// <summary>Decodes the first option that the value fits.</summary>
    /// <param name="cursor">At the value; there again where no option fits.</param>
    /// <param name="candidates">The options to try.</param>
    /// <param name="choice">The option that fits; -1 where none does.</param>
    /// <returns>False where the budget for reading again is used up.</returns>
    private bool Choose(ref DecodeCursor cursor, int[] candidates, out int choice)
    {
        var mark = cursor.Mark();
        choice = -1;
        foreach (var option in candidates)
        {
            if (DecodeOption(ref cursor, option))
            {
                choice = option;
                break;
            }

            if (!cursor.Rewind(mark))
            {
                cursor.EndTrial(mark);
                return false;
            }
        }

        cursor.EndTrial(mark);
        if (choice != candidates[0])
        {
            cursor.RememberChoice(_id, mark.Position, choice);
        }

        return true;
    }

    /// <summary>
    /// Reports what keeps the value from the option that it comes closest to, and beside it, in words, what each of the others wanted.
    /// </summary>
    private bool Explain(ref DecodeCursor cursor, int[] candidates, FailureReport report)
    {
        var mark = cursor.Mark();
        var probes = new List<(string Name, FailureReport Probe)>();
        foreach (var option in candidates)
        {
            var probe = report.Probe();
            cursor.Report = probe;
            DecodeOption(ref cursor, option);
            probe.EndProbe();
            probes.Add((_names[option], probe));
            if (!cursor.Rewind(mark))
            {
                break;
            }
        }

        cursor.EndTrial(mark);
        return cursor.SkipValue() && report.AdoptClosest(probes);
    }
}
