using System.Text;
using Bridge.Core.Decoding.Json;

namespace Bridge.Core.Decoding.Rules;

/// <summary>A rule on strings alone.</summary>
/// <param name="name">The rule's name in violations.</param>
/// <param name="reason">The reason given when it is broken.</param>
/// <param name="expected">What it asks for, in a few words.</param>
internal abstract class TextRule(string name, string reason, string expected) : ValueRule
{
    public override bool Holds(scoped in RuleSubject subject) => subject.Kind != SubjectKind.Text || Holds(subject.Text);

    public override bool Reject(ref DecodeCursor cursor, scoped RuleSubject subject) => cursor.Reject(name, reason, expected, subject);

    /// <summary>Whether a text keeps the rule.</summary>
    /// <param name="text">Valid UTF-8.</param>
    protected abstract bool Holds(ReadOnlySpan<byte> text);
}

/// <summary><c>StartsWith</c> and <c>EndsWith</c>.</summary>
internal sealed class AffixRule(string affix, bool isSuffix) : TextRule(
    isSuffix ? "endsWith" : "startsWith",
    $"value does not {(isSuffix ? "end" : "start")} with \"{affix}\"",
    $"{(isSuffix ? "ends" : "starts")} with \"{affix}\"")
{
    private readonly byte[] _affix = Encoding.UTF8.GetBytes(affix);

    protected override bool Holds(ReadOnlySpan<byte> text) => isSuffix ? text.EndsWith(_affix) : text.StartsWith(_affix);
}

/// <summary>A format of strings that a standard's grammar defines.</summary>
/// <param name="name">The rule's name in violations.</param>
/// <param name="noun">What such a string is called, article included.</param>
/// <param name="isValid">Whether a text is one.</param>
internal sealed class FormatRule(string name, string noun, FormatTest isValid) : TextRule(name, $"value is not {noun}", noun)
{
    /// <summary>The rule's name in violations.</summary>
    public string Name { get; } = name;

    /// <summary>What such a string is called, article included.</summary>
    public string Noun { get; } = noun;

    protected override bool Holds(ReadOnlySpan<byte> text) => isValid(text);
}

/// <summary>Whether a text follows a format.</summary>
/// <param name="text">Valid UTF-8.</param>
internal delegate bool FormatTest(ReadOnlySpan<byte> text);
