using System.Text;
using Bridge.Core.Decoding.Json;

namespace Bridge.Core.Decoding.Rules;

/// <summary>A rule on strings alone.</summary>
/// <param name="name">The rule's name in violations.</param>
/// <param name="reason">The reason given when it is broken.</param>
internal abstract class TextRule(string name, string reason) : ValueRule
{
    public override bool Holds(scoped in RuleSubject subject) => subject.Kind != JsonKinds.Text || Holds(subject.Text);

    public override bool Reject(ref DecodeCursor cursor, scoped RuleSubject subject) => cursor.Reject(name, reason);

    /// <summary>Whether a text keeps the rule.</summary>
    /// <param name="text">Valid UTF-8.</param>
    protected abstract bool Holds(ReadOnlySpan<byte> text);
}

/// <summary><c>StartsWith</c> and <c>EndsWith</c>.</summary>
internal sealed class AffixRule(string affix, bool isSuffix)
    : TextRule(isSuffix ? "endsWith" : "startsWith", $"value does not {(isSuffix ? "end" : "start")} with \"{affix}\"")
{
    private readonly byte[] _affix = Encoding.UTF8.GetBytes(affix);

    protected override bool Holds(ReadOnlySpan<byte> text) => isSuffix ? text.EndsWith(_affix) : text.StartsWith(_affix);
}

/// <summary><c>IsEmail</c>.</summary>
internal sealed class EmailRule() : TextRule("email", "value is not an email")
{
    protected override bool Holds(ReadOnlySpan<byte> text) => EmailSyntax.IsAddress(text);
}

/// <summary><c>IsURL</c>.</summary>
internal sealed class UrlRule() : TextRule("url", "value is not a url")
{
    protected override bool Holds(ReadOnlySpan<byte> text) => UrlSyntax.IsAbsolute(text);
}
