using System.Text;
using Bridge.Core.Decoding.Json;
using Bridge.Core.Schema;

namespace Bridge.Core.Decoding.Nodes;

/// <summary>
/// What tells the objects of a union apart: a required field that has other literals in each. The option is looked up by the field's value,
/// wherever in the object it stands.
/// </summary>
internal sealed class UnionTags
{
    private readonly byte[] _utf8Name;
    private readonly NameTable _texts;
    private readonly int[] _textOptions;
    private readonly Dictionary<long, int> _numbers; // by their bits
    private readonly int _trueOption;
    private readonly int _falseOption;
    private readonly int _nullOption;
    private readonly TagValue _value;

    /// <summary>Creates the table.</summary>
    /// <param name="name">The field's name.</param>
    /// <param name="values">Its values, each with the index of its option; null stands for <c>null</c>.</param>
    public UnionTags(string name, IReadOnlyList<(Literal? Value, int Option)> values)
    {
        (Name, Values) = (name, values);
        _utf8Name = Encoding.UTF8.GetBytes(name);
        var texts = values.Where(pair => pair.Value?.ValueCase == Literal.ValueOneofCase.Text).ToList();
        _texts = new NameTable([.. texts.Select(pair => Encoding.UTF8.GetBytes(pair.Value!.Text))]);
        _textOptions = [.. texts.Select(pair => pair.Option)];
        _numbers = values.Where(pair => pair.Value?.ValueCase == Literal.ValueOneofCase.Number)
            .ToDictionary(pair => Bits(pair.Value!.Number), pair => pair.Option);
        _trueOption = OptionOf(values, isTrue: true);
        _falseOption = OptionOf(values, isTrue: false);
        _nullOption = values.Where(pair => pair.Value is null).Select(pair => pair.Option).FirstOrDefault(-1);
        _value = new TagValue(Expectation.AnyOf([.. values.Select(pair => TextOf(pair.Value))]));
    }

    /// <summary>The field's name.</summary>
    public string Name { get; }

    /// <summary>Its values, each with the index of its option; null stands for <c>null</c>.</summary>
    public IReadOnlyList<(Literal? Value, int Option)> Values { get; }

    /// <summary>How messages write a literal.</summary>
    public static string TextOf(Literal? value) => value?.ValueCase switch
    {
        null => "null",
        Literal.ValueOneofCase.Text => $"\"{value.Text}\"",
        Literal.ValueOneofCase.Number => value.Number.ToString("R", System.Globalization.CultureInfo.InvariantCulture),
        _ => value.Boolean ? "true" : "false",
    };

    /// <summary>Looks the option up, ahead of the cursor, which stays where it is.</summary>
    /// <param name="cursor">At the object's opening brace.</param>
    /// <param name="option">The option's index; -1 where the tag is missing or none of the values.</param>
    /// <returns>False where the budget for reading again is used up.</returns>
    public bool TryFind(ref DecodeCursor cursor, out int option)
    {
        option = -1;
        if (!cursor.TryFindMember(_utf8Name, out var value))
        {
            return false;
        }

        option = value.IsEmpty ? -1 : OptionOf(ref cursor, value);
        return true;
    }

    /// <summary>Records that the tag is missing or none of the values, and skips the object.</summary>
    public bool Reject(ref DecodeCursor cursor)
    {
        var report = cursor.Report;
        if (report is null || !cursor.TryFindMember(_utf8Name, out var value) || !cursor.SkipValue())
        {
            return false;
        }

        if (value.IsEmpty)
        {
            return report.Missing([Name]);
        }

        report.Push(Name);
        if (!report.Mismatch(_value, value))
        {
            return false;
        }

        report.Pop();
        return true;
    }

    private static long Bits(double value) => BitConverter.DoubleToInt64Bits(value == 0 ? 0 : value); // -0 is 0

    private static int OptionOf(IReadOnlyList<(Literal? Value, int Option)> values, bool isTrue) =>
        values.Where(pair => pair.Value?.ValueCase == Literal.ValueOneofCase.Boolean && pair.Value.Boolean == isTrue).Select(pair => pair.Option).FirstOrDefault(-1);

    private int OptionOf(ref DecodeCursor cursor, ReadOnlySpan<byte> value)
    {
        switch (JsonBytes.KindOf(value[0]))
        {
            case JsonKinds.Text:
                var text = _texts.Find(cursor.Unescaped(value));
                return text < 0 ? -1 : _textOptions[text];
            case JsonKinds.Number when DecodeCursor.NumberLength(value, out _, out _) == value.Length:
                return _numbers.TryGetValue(Bits(DecodeCursor.ParseNumber(value)), out var option) ? option : -1;
            case JsonKinds.Boolean when value.SequenceEqual("true"u8) || value.SequenceEqual("false"u8):
                return value[0] == (byte)'t' ? _trueOption : _falseOption;
            case JsonKinds.Null when value.SequenceEqual("null"u8):
                return _nullOption;
            default:
                return -1;
        }
    }

    /// <summary>Stands for the tag's type in reports.</summary>
    private sealed class TagValue(string expected) : ValueNode
    {
        public override JsonKinds Kinds => JsonKinds.All;

        public override string Expected => expected;

        public override bool Decode(ref DecodeCursor cursor) => cursor.Mismatch(this);
    }
}
