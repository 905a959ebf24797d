using System.Text;
using Bridge.Core.Decoding.Json;

namespace Bridge.Core.Decoding.Rules;

/// <summary>A value as rules see it.</summary>
internal readonly ref struct RuleSubject
{
    /// <summary>The value's kind: text, number or array; rules speak of no other.</summary>
    public JsonKinds Kind { get; private init; }

    /// <summary>A text's characters in UTF-8, or a number as written.</summary>
    public ReadOnlySpan<byte> Text { get; private init; }

    /// <summary>A number's value.</summary>
    public double Number { get; private init; }

    /// <summary>The number of an array's elements.</summary>
    public int Count { get; private init; }

    /// <summary>What JavaScript's <c>.length</c> is: UTF-16 units of a text, elements of an array.</summary>
    public int Length => Kind == JsonKinds.Array ? Count : Encoding.UTF8.GetCharCount(Text);

    /// <summary>A text as subject.</summary>
    public static RuleSubject OfText(ReadOnlySpan<byte> text) => new() { Kind = JsonKinds.Text, Text = text };

    /// <summary>A number as subject.</summary>
    public static RuleSubject OfNumber(ReadOnlySpan<byte> text, double value) => new() { Kind = JsonKinds.Number, Text = text, Number = value };

    /// <summary>An array as subject.</summary>
    public static RuleSubject OfArray(int count) => new() { Kind = JsonKinds.Array, Count = count };
}
