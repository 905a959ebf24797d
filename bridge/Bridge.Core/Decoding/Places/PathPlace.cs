using Bridge.Core.Decoding.Json;

namespace Bridge.Core.Decoding.Places;

/// <summary>The fields that stand in the path.</summary>
/// <param name="fields">The fields, each with the number of its parameter segment.</param>
internal sealed class PathPlace((PlaceField Field, int Segment)[] fields)
{
    /// <summary>Decodes them.</summary>
    public bool Decode(ref DecodeCursor cursor, in RequestParts parts)
    {
        cursor.MoveTo(RequestPlace.Path);
        foreach (var (field, segment) in fields)
        {
            if (segment < parts.PathValues.Length
                && !field.DecodeSingle(ref cursor, parts.Path[parts.PathValues[segment]], TextCoding.Percent))
            {
                return false;
            }
        }

        return true;
    }
}
