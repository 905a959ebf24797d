using System.Globalization;
using System.Text;
using Bridge.Core.Decoding.Json;

namespace Bridge.Core.Decoding.Rules;

/// <summary><c>Min</c> and <c>Max</c>: bounds on a number, themselves allowed.</summary>
internal sealed class NumberBoundRule(double bound, bool isUpper) : ValueRule
{
    public override bool Holds(scoped in RuleSubject subject) =>
        subject.Kind != JsonKinds.Number || (isUpper ? subject.Number <= bound : subject.Number >= bound);

    public override bool Reject(ref DecodeCursor cursor, scoped RuleSubject subject)
    {
        if (cursor.Report is null)
        {
            return false;
        }

        var direction = isUpper ? "at most" : "at least";
        var got = cursor.Report.IsSensitive ? "" : $" (got {Encoding.UTF8.GetString(subject.Text)})";
        return cursor.Reject(isUpper ? "max" : "min", string.Create(CultureInfo.InvariantCulture, $"value must be {direction} {bound}{got}"));
    }
}

/// <summary><c>MinLen</c> and <c>MaxLen</c>: bounds on JavaScript's <c>.length</c> of a string or array, themselves allowed.</summary>
internal sealed class LengthBoundRule(uint bound, bool isUpper) : ValueRule
{
    public override bool Holds(scoped in RuleSubject subject) =>
        subject.Kind == JsonKinds.Number || (isUpper ? subject.Length <= bound : subject.Length >= bound);

    public override bool Reject(ref DecodeCursor cursor, scoped RuleSubject subject)
    {
        if (cursor.Report is null)
        {
            return false;
        }

        var reason = isUpper
            ? string.Create(CultureInfo.InvariantCulture, $"length too long (got {subject.Length}, expected at most {bound})")
            : string.Create(CultureInfo.InvariantCulture, $"length too short (got {subject.Length}, expected at least {bound})");
        return cursor.Reject(isUpper ? "maxLength" : "minLength", reason);
    }
}
