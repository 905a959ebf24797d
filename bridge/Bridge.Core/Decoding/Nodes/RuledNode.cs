using Bridge.Core.Decoding.Json;
using Bridge.Core.Decoding.Places;
using Bridge.Core.Decoding.Rules;

namespace Bridge.Core.Decoding.Nodes;

/// <summary>A type with rules on its values.</summary>
internal sealed class RuledNode(ValueNode inner, ValueRule rule) : ValueNode
{
    private readonly RuleNeeds _needs = rule.Needs;

    public override JsonKinds Kinds => inner.Kinds;

    public override JsonKinds CrossingKinds => inner.CrossingKinds;

    public override string Expected => inner.Expected;

    public override string? Noun => inner.Noun;

    public override string? InvalidText => inner.InvalidText;

    /// <summary>The type without its rules.</summary>
    public ValueNode Inner => inner;

    public override bool Decode(ref DecodeCursor cursor)
    {
        var start = cursor.Position;
        var outputStart = cursor.OutputLength;
        var kind = cursor.PeekKind();
        var violations = cursor.Report?.Count ?? 0;
        if (!inner.Decode(ref cursor))
        {
            return false;
        }

        // A value of the wrong type is reported as that, and not for its rules.
        return violations < (cursor.Report?.Count ?? 0) || Check(ref cursor, Subject(ref cursor, kind, start, outputStart));
    }

    public override bool DecodeText(ref DecodeCursor cursor, scoped ReadOnlySpan<byte> text)
    {
        var violations = cursor.Report?.Count ?? 0;
        if (!inner.DecodeText(ref cursor, text))
        {
            return false;
        }

        return violations < (cursor.Report?.Count ?? 0) || Check(ref cursor, TextSubject(text, text, isPlace: true, ScratchOf(ref cursor)));
    }

    /// <summary>Checks a list that came as repeated values.</summary>
    /// <param name="cursor">Where the list was written.</param>
    /// <param name="count">The number of its elements.</param>
    /// <param name="outputStart">The output's length before the list was written.</param>
    public bool CheckList(ref DecodeCursor cursor, int count, int outputStart) =>
        Check(ref cursor, ListSubject(ref cursor, count, outputStart, default));

    private RuleSubject Subject(ref DecodeCursor cursor, JsonKinds kind, int start, int outputStart)
    {
        switch (kind)
        {
            case JsonKinds.Text:
                return TextSubject(cursor.TextFrom(start), cursor.InputFrom(start), isPlace: false, ScratchOf(ref cursor));
            case JsonKinds.Number:
                var number = cursor.InputFrom(start);
                return inner is DecimalNode or BigIntNode
                    ? new RuleSubject { Kind = SubjectKind.Digits, Text = number, Source = number }
                    : new RuleSubject { Kind = SubjectKind.Number, Text = number, Source = number, Number = DecodeCursor.ParseNumber(number) };
            case JsonKinds.Array:
                return ListSubject(ref cursor, cursor.ElementCount, outputStart, cursor.InputFrom(start));
            default:
                return default;
        }
    }

    private RuleSubject TextSubject(ReadOnlySpan<byte> text, ReadOnlySpan<byte> source, bool isPlace, DecodeScratch? scratch)
    {
        switch (inner)
        {
            case DateNode when Rfc3339.TryParse(text, out var milliseconds):
                return new RuleSubject { Kind = SubjectKind.Date, Text = text, Source = source, Milliseconds = milliseconds };
            case DecimalNode or BigIntNode:
                return new RuleSubject { Kind = SubjectKind.Digits, Text = text, Source = source };
            case BytesNode:
                return new RuleSubject { Kind = SubjectKind.Bytes, Source = source, Count = text.TrimEnd((byte)'=').Length * 3 / 4 };
            case var _ when isPlace && (inner.Kinds & JsonKinds.Number) != JsonKinds.None && TextNumber.TryParse(text, out var number):
                return new RuleSubject { Kind = SubjectKind.Number, Text = text, Source = source, Number = number };
            default:
                return new RuleSubject { Kind = SubjectKind.Text, Text = text, Source = source, Scratch = scratch };
        }
    }

    private RuleSubject ListSubject(ref DecodeCursor cursor, int count, int outputStart, ReadOnlySpan<byte> source)
    {
        var normalForm = (_needs & RuleNeeds.NormalForm) == RuleNeeds.None ? default : cursor.OutputFrom(outputStart);
        return new RuleSubject { Kind = SubjectKind.List, Count = count, Source = source, NormalForm = normalForm, Scratch = ScratchOf(ref cursor) };
    }

    private DecodeScratch? ScratchOf(ref DecodeCursor cursor) => (_needs & RuleNeeds.Scratch) == RuleNeeds.None ? null : cursor.Scratch();

    private bool Check(ref DecodeCursor cursor, scoped RuleSubject subject) =>
        subject.Kind == SubjectKind.None || rule.Holds(subject) || rule.Reject(ref cursor, subject);
}
