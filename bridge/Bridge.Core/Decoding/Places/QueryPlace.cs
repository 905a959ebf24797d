using Bridge.Core.Decoding.Json;
using Bridge.Core.Decoding.Nodes;

namespace Bridge.Core.Decoding.Places;

/// <summary>The fields that stand in the query: <c>a=1&amp;b=2&amp;b=3</c>.</summary>
/// <remarks>
/// One pass over the query decodes the single values; each array that came takes one more. Unknown names are skipped unread.
/// </remarks>
internal sealed class QueryPlace
{
    private readonly PlaceField[] _fields;
    private readonly NameTable _names;
    private readonly int _longestName;

    public QueryPlace(PlaceField[] fields)
    {
        _fields = fields;
        _names = new NameTable([.. fields.Select(field => field.Utf8WireName)]);
        _longestName = fields.Max(field => field.Utf8WireName.Length);
    }

    /// <summary>Decodes them.</summary>
    public bool Decode(ref DecodeCursor cursor, ReadOnlySpan<char> query)
    {
        cursor.MoveTo(RequestPlace.Query);
        var seen = new SeenFields(ref cursor, _fields.Length);
        var next = 0;
        for (var rest = query; !rest.IsEmpty;)
        {
            var pair = TakePair(ref rest);
            var index = FieldAt(ref cursor, pair, next, out var value);
            if (index < 0)
            {
                continue;
            }

            next = index + 1;
            if (!DecodePair(ref cursor, query, index, value, seen.Add(ref cursor, index)))
            {
                return false;
            }
        }

        var isComplete = CheckRequired(ref cursor, seen);
        seen.Close(ref cursor);
        return isComplete;
    }

    /// <summary>Whether any of them came.</summary>
    /// <param name="cursor">For space.</param>
    /// <param name="query">The query.</param>
    public bool HasAny(ref DecodeCursor cursor, ReadOnlySpan<char> query)
    {
        for (var rest = query; !rest.IsEmpty;)
        {
            if (FieldAt(ref cursor, TakePair(ref rest), 0, out _) >= 0)
            {
                return true;
            }
        }

        return false;
    }

    private bool DecodePair(ref DecodeCursor cursor, ReadOnlySpan<char> query, int index, scoped ReadOnlySpan<char> value, bool isFirst)
    {
        var field = _fields[index];
        if (field.ArrayType is not null)
        {
            return !isFirst || DecodeRepeated(ref cursor, query, index);
        }

        return isFirst ? field.DecodeSingle(ref cursor, value, TextCoding.Form) : cursor.Duplicate(field.Utf8WireName);
    }

    private bool DecodeRepeated(ref DecodeCursor cursor, ReadOnlySpan<char> query, int index)
    {
        var field = _fields[index];
        var count = 0;
        var isArray = field.IsArrayOnly || CountOf(ref cursor, query, index) > 1;
        if (isArray)
        {
            field.OpenArray(ref cursor);
        }

        for (var rest = query; !rest.IsEmpty;)
        {
            if (FieldAt(ref cursor, TakePair(ref rest), index, out var value) != index)
            {
                continue;
            }

            if (!isArray)
            {
                return field.DecodeSingle(ref cursor, value, TextCoding.Form);
            }

            if (!field.DecodeElement(ref cursor, count++, value, TextCoding.Form))
            {
                return false;
            }
        }

        return field.CloseArray(ref cursor, count);
    }

    private int CountOf(ref DecodeCursor cursor, ReadOnlySpan<char> query, int index)
    {
        var count = 0;
        for (var rest = query; !rest.IsEmpty;)
        {
            count += FieldAt(ref cursor, TakePair(ref rest), index, out _) == index ? 1 : 0;
        }

        return count;
    }

    private static ReadOnlySpan<char> TakePair(scoped ref ReadOnlySpan<char> rest)
    {
        var end = rest.IndexOf('&');
        var pair = end < 0 ? rest : rest[..end];
        rest = end < 0 ? default : rest[(end + 1)..];
        return pair;
    }

    /// <summary>The index of the field that a pair names, and its text; -1 where no field has that name.</summary>
    /// <param name="cursor">For space.</param>
    /// <param name="pair"><c>name=value</c>.</param>
    /// <param name="guess">The field that may well be it.</param>
    /// <param name="value">What stands after the equals sign; empty where there is none.</param>
    private int FieldAt(ref DecodeCursor cursor, ReadOnlySpan<char> pair, int guess, out ReadOnlySpan<char> value)
    {
        var equals = pair.IndexOf('=');
        var name = equals < 0 ? pair : pair[..equals];
        value = equals < 0 ? default : pair[(equals + 1)..];
        if ((uint)guess < (uint)_fields.Length && _fields[guess].IsPlainName && name.SequenceEqual(_fields[guess].WireName))
        {
            return guess;
        }

        if (name.Length > _longestName * PlaceText.BytesPerCharacter)
        {
            return -1;
        }

        var utf8 = cursor.Scratch().PlaceText(name.Length * PlaceText.BytesPerCharacter);
        return PlaceText.TryDecode(name, TextCoding.Form, utf8, out var length) ? _names.Find(utf8[..length]) : -1;
    }

    private bool CheckRequired(ref DecodeCursor cursor, SeenFields seen)
    {
        List<string>? missing = null;
        for (var i = 0; i < _fields.Length; i++)
        {
            if (seen.Contains(ref cursor, i) || (!_fields[i].IsRequired && _fields[i].WriteDefault(ref cursor)))
            {
                continue;
            }

            if (cursor.Report is null)
            {
                return false;
            }

            (missing ??= []).Add(_fields[i].WireName);
        }

        return missing is null || cursor.Report!.Missing(missing); // Justification: missing stays null without a report.
    }
}
