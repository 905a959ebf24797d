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
        foreach (var range in query.Split('&'))
        {
            var pair = query[range];
            var index = FieldAt(ref cursor, pair, out var value);
            if (index < 0)
            {
                continue;
            }

            var field = _fields[index];
            var isNew = seen.Add(ref cursor, index);
            var isDone = field.ArrayType is not null ? !isNew || DecodeRepeated(ref cursor, query, index)
                : isNew ? field.DecodeSingle(ref cursor, value, TextCoding.Form)
                : cursor.Duplicate(field.Utf8WireName);
            if (!isDone)
            {
                return false;
            }
        }

        var isComplete = CheckRequired(ref cursor, seen);
        seen.Close(ref cursor);
        return isComplete;
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

        foreach (var range in query.Split('&'))
        {
            if (FieldAt(ref cursor, query[range], out var value) != index)
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
        foreach (var range in query.Split('&'))
        {
            count += FieldAt(ref cursor, query[range], out _) == index ? 1 : 0;
        }

        return count;
    }

    private int FieldAt(ref DecodeCursor cursor, ReadOnlySpan<char> pair, out ReadOnlySpan<char> value)
    {
        var equals = pair.IndexOf('=');
        var name = equals < 0 ? pair : pair[..equals];
        value = equals < 0 ? default : pair[(equals + 1)..];
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
            if (!_fields[i].IsRequired || seen.Contains(ref cursor, i))
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
