using System.Text;
using System.Text.Unicode;
using Bridge.Core.Decoding.Json;
using Bridge.Core.Decoding.Nodes;
using Bridge.Core.Decoding.Places;
using Bridge.Core.Schema;

namespace Bridge.Core.Decoding.Plans;

/// <summary>How an object is put together from path, query, headers, cookies and body.</summary>
internal sealed class ObjectRequest
{
    private readonly PathPlace? _path;
    private readonly QueryPlace? _query;
    private readonly HeaderPlace? _headers;
    private readonly CookiePlace? _cookies;
    private readonly ObjectNode? _body;

    /// <summary>Sorts an object type's fields by the places that they travel in.</summary>
    /// <param name="endpoint">The endpoint, for the names in its path.</param>
    /// <param name="shape">The type.</param>
    /// <param name="node">The type, compiled; with or without rules.</param>
    /// <param name="isBodyDefault">Whether fields that say nothing travel in the body, else in the query.</param>
    public ObjectRequest(EndpointSchema endpoint, ObjectShape shape, ValueNode node, bool isBodyDefault)
    {
        var whole = (node as ObjectNode) ?? (ObjectNode)((RuledNode)node).Inner;
        var fields = new RequestFields(endpoint, shape, whole.Fields, isBodyDefault);
        (_path, _query, _headers, _cookies) = (fields.Path, fields.Query, fields.Headers, fields.Cookies);
        var undeclared = isBodyDefault ? whole.Undeclared : UndeclaredFields.Dropped;
        if (fields.Body.Count > 0 || !undeclared.AreDropped)
        {
            _body = new ObjectNode();
            _body.Link(fields.Body, undeclared);
        }
    }

    /// <summary>Whether decoding needs the body.</summary>
    public bool ReadsBody => _body is not null;

    /// <summary>Whether all of the object travels in the body.</summary>
    public bool IsBodyAlone => _path is null && _query is null && _headers is null && _cookies is null;

    /// <summary>Whether a field travels in the body.</summary>
    public bool HasInBody(string name) => _body is not null && _body.Fields.Any(field => field.Name == name);

    /// <summary>Whether a query parameter, header or cookie of the object came.</summary>
    public bool HasAny(ref DecodeCursor cursor, in RequestParts parts) =>
        _headers?.HasAny(parts.Headers) == true
        || _cookies?.HasAny(parts.Headers) == true
        || _query?.HasAny(ref cursor, parts.Query) == true;

    /// <summary>Decodes the object.</summary>
    /// <param name="cursor">At the beginning of the body.</param>
    /// <param name="parts">The request.</param>
    public bool Decode(ref DecodeCursor cursor, in RequestParts parts)
    {
        cursor.HasMembers = false;
        cursor.Write((byte)'{');
        var isDone = (_path is null || _path.Decode(ref cursor, parts))
            && (_query is null || _query.Decode(ref cursor, parts.Query))
            && (_headers is null || _headers.Decode(ref cursor, parts.Headers))
            && (_cookies is null || _cookies.Decode(ref cursor, parts.Headers))
            && (_body is null || DecodeBody(ref cursor, _body, parts.Body));
        cursor.Write((byte)'}');
        return isDone;
    }

    /// <summary>Turns to the body and checks that it is text.</summary>
    public static bool OpenBody(ref DecodeCursor cursor, ReadOnlySpan<byte> bytes)
    {
        cursor.MoveTo(RequestPlace.Body);
        if (!Utf8.IsValid(bytes))
        {
            return cursor.Fault("invalid unicode code point", FirstInvalid(bytes));
        }

        cursor.SkipWhitespace();
        return true;
    }

    private static bool DecodeBody(ref DecodeCursor cursor, ObjectNode body, ReadOnlySpan<byte> bytes)
    {
        if (!OpenBody(ref cursor, bytes))
        {
            return false;
        }

        if (cursor.Position == bytes.Length)
        {
            // No body at all is what clients send when there is nothing to say.
            if (body.HasRequired)
            {
                return cursor.Fault("EOF while parsing a value");
            }

            body.WriteDefaults(ref cursor, cursor.HasMembers);
            return true;
        }

        var isObject = cursor.At((byte)'{');
        return (isObject ? body.DecodeMembers(ref cursor, cursor.HasMembers) : cursor.Mismatch(body)) && cursor.AtEnd();
    }

    private static int FirstInvalid(ReadOnlySpan<byte> bytes)
    {
        var position = 0;
        while (Rune.DecodeFromUtf8(bytes[position..], out _, out var length) == System.Buffers.OperationStatus.Done)
        {
            position += length;
        }

        return position;
    }
}
