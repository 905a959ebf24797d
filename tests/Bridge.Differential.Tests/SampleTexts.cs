using Bridge.Core.Schema;

namespace Bridge.Differential.Tests;

/// <summary>Texts that a rule is likely to take, or to refuse by a little.</summary>
internal sealed class SampleTexts(Random random)
{
    /// <summary>A text for a rule.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="isFault">Whether the text should break it.</param>
    /// <returns>Null where any text of a few characters will do.</returns>
    public string? For(Rule rule, bool isFault) => rule.RuleCase switch
    {
        Rule.RuleOneofCase.All => OfAll(rule.All, isFault),
        Rule.RuleOneofCase.Any => For(rule.Any.Rules[random.Next(rule.Any.Rules.Count)], isFault),
        Rule.RuleOneofCase.MinLength => new string('é', (int)rule.MinLength + random.Next(2) - (isFault && rule.MinLength > 0 ? 1 : 0)),
        Rule.RuleOneofCase.MaxLength => new string('z', Math.Max((int)rule.MaxLength - random.Next(2), 0) + (isFault ? 1 : 0)),
        Rule.RuleOneofCase.StartsWith => (isFault ? rule.StartsWith[1..] : rule.StartsWith) + Tail(),
        Rule.RuleOneofCase.EndsWith => Tail() + (isFault ? rule.EndsWith[..^1] : rule.EndsWith),
        Rule.RuleOneofCase.Matches => Pick(PatternSamples.Patterns[rule.Matches], isFault),
        Rule.RuleOneofCase.Is => Pick(PatternSamples.Formats[rule.Is], isFault),
        _ => null,
    };

    // What starts and ends as asked is put around a text for one of the other rules.
    private string OfAll(RuleList list, bool isFault)
    {
        var middle = list.Rules.Where(rule => rule.RuleCase is not (Rule.RuleOneofCase.StartsWith or Rule.RuleOneofCase.EndsWith)).ToList();
        var start = list.Rules.FirstOrDefault(rule => rule.RuleCase == Rule.RuleOneofCase.StartsWith)?.StartsWith;
        var end = list.Rules.FirstOrDefault(rule => rule.RuleCase == Rule.RuleOneofCase.EndsWith)?.EndsWith;
        return start + (middle.Count == 0 ? Tail() : For(middle[random.Next(middle.Count)], isFault)) + end;
    }

    private string Tail() => new('m', random.Next(4));

    private string Pick(TextSamples samples, bool isFault)
    {
        var texts = isFault ? samples.Near : samples.Fitting;
        return texts[random.Next(texts.Length)];
    }
}
