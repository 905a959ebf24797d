using System.Globalization;
using System.Text;
using Bridge.Core.Decoding.Json;

namespace Bridge.Core.Decoding.Rules;

/// <summary><c>Min</c>, <c>Max</c> and their like: bounds on numbers, bigints and decimals.</summary>
/// <remarks>
/// Two doubles are compared as such. Where digits matter (bigints, decimals, a bound that no double holds) the decimal texts are compared,
/// a double's being the shortest that means it: <c>Min&lt;0.1&gt;</c> lets the decimal 0.1 pass.
/// </remarks>
internal sealed class NumberBoundRule : ValueRule
{
    private readonly double? _number;
    private readonly byte[] _digits;
    private readonly string _text;
    private readonly bool _isUpper;
    private readonly bool _isExclusive;

    public NumberBoundRule(double bound, bool isUpper, bool isExclusive = false)
        : this(bound.ToString("R", CultureInfo.InvariantCulture), bound, isUpper, isExclusive)
    {
    }

    public NumberBoundRule(string bound, bool isUpper, bool isExclusive)
        : this(bound, null, isUpper, isExclusive)
    {
    }

    private NumberBoundRule(string text, double? number, bool isUpper, bool isExclusive)
    {
        (_text, _number, _isUpper, _isExclusive) = (text, number, isUpper, isExclusive);
        _digits = Encoding.UTF8.GetBytes(text);
    }

    public override bool Holds(scoped in RuleSubject subject)
    {
        switch (subject.Kind)
        {
            case SubjectKind.Number when _number is { } bound:
                return Allows(subject.Number.CompareTo(bound));
            case SubjectKind.Number:
                Span<byte> shortest = stackalloc byte[DecimalText.LongestDouble];
                return Allows(Compare(DecimalText.Shortest(subject.Number, shortest)));
            case SubjectKind.Digits:
                return Allows(Compare(subject.Text));
            default:
                return true;
        }
    }

    public override bool Reject(ref DecodeCursor cursor, scoped RuleSubject subject)
    {
        if (cursor.Report is null)
        {
            return false;
        }

        var expected = BoundWords.Of(_isUpper, _isExclusive, _text);
        var got = cursor.Report.IsSensitive ? "" : $" (got {Reporting.ValueDescription.Excerpt(subject.Text)})";
        return cursor.Reject(BoundWords.Name(_isUpper, _isExclusive), $"value must be {expected}{got}", expected, subject);
    }

    private int Compare(ReadOnlySpan<byte> digits) => DecimalText.Parse(digits).Compare(DecimalText.Parse(_digits));

    private bool Allows(int comparison) => _isUpper ? comparison < 0 || (comparison == 0 && !_isExclusive) : comparison > 0 || (comparison == 0 && !_isExclusive);
}

/// <summary>Bounds on dates.</summary>
internal sealed class DateBoundRule(long milliseconds, string text, bool isUpper, bool isExclusive) : ValueRule
{
    public override bool Holds(scoped in RuleSubject subject)
    {
        if (subject.Kind != SubjectKind.Date)
        {
            return true;
        }

        var comparison = subject.Milliseconds.CompareTo(milliseconds);
        return comparison == 0 ? !isExclusive : isUpper == comparison < 0;
    }

    public override bool Reject(ref DecodeCursor cursor, scoped RuleSubject subject)
    {
        if (cursor.Report is null)
        {
            return false;
        }

        var expected = BoundWords.Of(isUpper, isExclusive, text);
        var got = cursor.Report.IsSensitive ? "" : $" (got {Reporting.ValueDescription.Excerpt(subject.Text)})";
        return cursor.Reject(BoundWords.Name(isUpper, isExclusive), $"value must be {expected}{got}", expected, subject);
    }
}

/// <summary><c>MinLen</c> and <c>MaxLen</c>: bounds on the length of a string, list or bytes, themselves allowed.</summary>
internal sealed class LengthBoundRule(uint bound, bool isUpper) : ValueRule
{
    public override bool Holds(scoped in RuleSubject subject) =>
        !subject.HasLength || (isUpper ? subject.Length <= bound : subject.Length >= bound);

    public override bool Reject(ref DecodeCursor cursor, scoped RuleSubject subject)
    {
        if (cursor.Report is null)
        {
            return false;
        }

        var expected = string.Create(CultureInfo.InvariantCulture, $"{(isUpper ? "at most" : "at least")} {bound}");
        var reason = string.Create(
            CultureInfo.InvariantCulture, $"length too {(isUpper ? "long" : "short")} (got {subject.Length}, expected {expected})");
        return cursor.Reject(isUpper ? "maxLength" : "minLength", reason, $"length {expected}", subject);
    }
}

/// <summary>How messages speak of bounds.</summary>
internal static class BoundWords
{
    /// <summary>The rule's name in violations.</summary>
    public static string Name(bool isUpper, bool isExclusive) =>
        isExclusive ? (isUpper ? "exclusiveMax" : "exclusiveMin") : (isUpper ? "max" : "min");

    /// <summary><c>at least 3</c>, <c>less than 5</c>.</summary>
    public static string Of(bool isUpper, bool isExclusive, string bound) =>
        (isExclusive ? (isUpper ? "less than " : "greater than ") : (isUpper ? "at most " : "at least ")) + bound;
}
