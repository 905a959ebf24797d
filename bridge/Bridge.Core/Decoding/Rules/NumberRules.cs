using System.Globalization;
using Bridge.Core.Decoding.Json;

namespace Bridge.Core.Decoding.Rules;

/// <summary><c>Integer</c>: no fraction, however it is written: <c>1.0</c> and <c>1e2</c> are integers.</summary>
internal sealed class IntegerRule : ValueRule
{
    public override bool Holds(scoped in RuleSubject subject) => subject.Kind switch
    {
        SubjectKind.Number => Math.Truncate(subject.Number) == subject.Number,
        SubjectKind.Digits => DecimalText.Parse(subject.Text).IsInteger,
        _ => true,
    };

    public override bool Reject(ref DecodeCursor cursor, scoped RuleSubject subject) =>
        cursor.Reject("integer", "value is not an integer", "an integer", subject);
}

/// <summary>
/// <c>MultipleOf</c>, by decimal digits and not by division of doubles: 0.3 is a multiple of 0.1. A double's digits are the shortest that
/// mean it.
/// </summary>
internal sealed class MultipleOfRule : ValueRule
{
    private readonly ulong _digits;
    private readonly int _exponent;
    private readonly string _text;

    /// <summary>Creates the rule.</summary>
    /// <param name="divisor">A finite number other than zero; its sign doesn't matter.</param>
    public MultipleOfRule(double divisor)
    {
        Span<byte> shortest = stackalloc byte[DecimalText.LongestDouble];
        (_digits, _exponent) = DecimalText.Parse(DecimalText.Shortest(divisor, shortest)).ToInteger();
        _text = divisor.ToString("R", CultureInfo.InvariantCulture);
    }

    public override bool Holds(scoped in RuleSubject subject)
    {
        switch (subject.Kind)
        {
            case SubjectKind.Number:
                Span<byte> shortest = stackalloc byte[DecimalText.LongestDouble];
                return DecimalText.Parse(DecimalText.Shortest(subject.Number, shortest)).IsMultipleOf(_digits, _exponent);
            case SubjectKind.Digits:
                return DecimalText.Parse(subject.Text).IsMultipleOf(_digits, _exponent);
            default:
                return true;
        }
    }

    public override bool Reject(ref DecodeCursor cursor, scoped RuleSubject subject) =>
        cursor.Report is not null && cursor.Reject("multipleOf", $"value is not a multiple of {_text}", $"a multiple of {_text}", subject);
}
