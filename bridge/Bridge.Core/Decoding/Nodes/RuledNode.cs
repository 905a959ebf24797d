using Bridge.Core.Decoding.Json;
using Bridge.Core.Decoding.Places;
using Bridge.Core.Decoding.Rules;

namespace Bridge.Core.Decoding.Nodes;

/// <summary>A type with rules on its values.</summary>
internal sealed class RuledNode(ValueNode inner, ValueRule rule) : ValueNode
{
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
        var kind = cursor.PeekKind();
        var violations = cursor.Report?.Count ?? 0;
        if (!inner.Decode(ref cursor))
        {
            return false;
        }

        // A value of the wrong type is reported as that, and not for its rules.
        return violations < (cursor.Report?.Count ?? 0) || Check(ref cursor, Subject(ref cursor, kind, start));
    }

    public override bool DecodeText(ref DecodeCursor cursor, scoped ReadOnlySpan<byte> text)
    {
        var violations = cursor.Report?.Count ?? 0;
        if (!inner.DecodeText(ref cursor, text))
        {
            return false;
        }

        return violations < (cursor.Report?.Count ?? 0) || Check(ref cursor, TextSubject(text));
    }

    /// <summary>Checks an array that came as repeated values.</summary>
    public bool CheckArray(ref DecodeCursor cursor, int count) => Check(ref cursor, RuleSubject.OfArray(count));

    private RuleSubject Subject(ref DecodeCursor cursor, JsonKinds kind, int start)
    {
        switch (kind)
        {
            case JsonKinds.Text when inner is DecimalNode or BigIntNode:
                var digits = cursor.TextFrom(start);
                return RuleSubject.OfNumber(digits, DecodeCursor.ParseNumber(digits));
            case JsonKinds.Text:
                return RuleSubject.OfText(cursor.TextFrom(start));
            case JsonKinds.Number:
                var number = cursor.InputFrom(start);
                return RuleSubject.OfNumber(number, DecodeCursor.ParseNumber(number));
            case JsonKinds.Array:
                return RuleSubject.OfArray(cursor.ElementCount);
            default:
                return default;
        }
    }

    private RuleSubject TextSubject(ReadOnlySpan<byte> text) =>
        (inner.Kinds & JsonKinds.Number) != JsonKinds.None && TextNumber.TryParse(text, out var number)
            ? RuleSubject.OfNumber(text, number)
            : RuleSubject.OfText(text);

    private bool Check(ref DecodeCursor cursor, scoped RuleSubject subject) =>
        subject.Kind == JsonKinds.None || rule.Holds(subject) || rule.Reject(ref cursor, subject);
}
