using System.Text;
using Bridge.Core.Decoding.Json;

namespace Bridge.Core.Decoding.Rules;

/// <summary>What a rule can speak of.</summary>
internal enum SubjectKind
{
    /// <summary>Nothing that rules speak of.</summary>
    None,

    /// <summary>A string.</summary>
    Text,

    /// <summary>A number: a double.</summary>
    Number,

    /// <summary>A bigint or decimal: every digit counts.</summary>
    Digits,

    /// <summary>A date.</summary>
    Date,

    /// <summary>Bytes, which came as base64.</summary>
    Bytes,

    /// <summary>An array, tuple, set or map.</summary>
    List,
}

/// <summary>What a rule must be given beside the value.</summary>
[Flags]
internal enum RuleNeeds
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary><see cref="RuleSubject.Scratch"/>.</summary>
    Scratch = 1,

    /// <summary><see cref="RuleSubject.NormalForm"/>.</summary>
    NormalForm = 2,
}

/// <summary>A value as rules see it.</summary>
internal readonly ref struct RuleSubject
{
    /// <summary>What the value is.</summary>
    public SubjectKind Kind { get; init; }

    /// <summary>A text's characters in UTF-8, or a number's digits as written.</summary>
    public ReadOnlySpan<byte> Text { get; init; }

    /// <summary>The value as it was sent, for reports.</summary>
    public ReadOnlySpan<byte> Source { get; init; }

    /// <summary>A number's value.</summary>
    public double Number { get; init; }

    /// <summary>A date, in milliseconds since 1970.</summary>
    public long Milliseconds { get; init; }

    /// <summary>The number of a list's elements or of bytes.</summary>
    public int Count { get; init; }

    /// <summary>A list in its normal form, for rules that need it.</summary>
    public ReadOnlySpan<byte> NormalForm { get; init; }

    /// <summary>Space and the budget of the decode, for rules that need them.</summary>
    public DecodeScratch? Scratch { get; init; }

    /// <summary>Whether the value has a length.</summary>
    public bool HasLength => Kind is SubjectKind.Text or SubjectKind.List or SubjectKind.Bytes;

    /// <summary>What JavaScript's <c>.length</c> or <c>.size</c> is: UTF-16 units of a text, elements of a list, bytes.</summary>
    public int Length => Kind == SubjectKind.Text ? Encoding.UTF8.GetCharCount(Text) : Count;
}
