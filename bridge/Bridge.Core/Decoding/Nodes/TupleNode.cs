using System.Globalization;
using Bridge.Core.Decoding.Json;

namespace Bridge.Core.Decoding.Nodes;

/// <summary><c>[A, B?, ...C[], D]</c>: an array whose elements have types by their position.</summary>
internal sealed class TupleNode : ValueNode
{
    private ValueNode[] _elements = [];
    private ValueNode[] _trailing = [];
    private ValueNode? _rest;
    private int _least;
    private int _most;

    public override JsonKinds Kinds => JsonKinds.Array;

    public override string Expected => "a JSON array";

    /// <summary>The types of the first elements.</summary>
    public IReadOnlyList<ValueNode> Elements => _elements;

    /// <summary>The type of the elements between the first and the last; null where there are none.</summary>
    public ValueNode? Rest => _rest;

    /// <summary>The types of the last elements.</summary>
    public IReadOnlyList<ValueNode> Trailing => _trailing;

    /// <summary>Completes the node: its elements may be of types that refer back to it.</summary>
    /// <param name="elements">The types of the first elements.</param>
    /// <param name="required">How many of them must be there.</param>
    /// <param name="rest">The type of any number of elements after those, or null.</param>
    /// <param name="trailing">The types of the last elements, which must be there.</param>
    public void Link(ValueNode[] elements, int required, ValueNode? rest, ValueNode[] trailing)
    {
        (_elements, _rest, _trailing) = (elements, rest, trailing);
        _least = required + trailing.Length;
        _most = rest is null ? elements.Length + trailing.Length : int.MaxValue;
    }

    public override bool Decode(ref DecodeCursor cursor)
    {
        if (!cursor.At((byte)'['))
        {
            return cursor.Mismatch(this);
        }

        // Which elements are the last is known only once they are counted.
        var trailingFrom = int.MaxValue;
        if (_trailing.Length > 0)
        {
            if (!cursor.TryCountElements(out var length))
            {
                return false;
            }

            trailingFrom = Math.Max(length - _trailing.Length, _least - _trailing.Length);
        }

        var start = cursor.Position;
        if (!cursor.OpenList(out var more))
        {
            return false;
        }

        var count = 0;
        while (more)
        {
            var isDone = NodeAt(count, trailingFrom) is { } node ? cursor.DecodeElement(node, count) : cursor.SkipElement();
            count++;
            if (!isDone || !cursor.TakeSeparator((byte)']', out more))
            {
                return false;
            }
        }

        cursor.CloseList(count);
        return (count >= _least && count <= _most) || RejectLength(ref cursor, count, start);
    }

    private ValueNode? NodeAt(int index, int trailingFrom)
    {
        if (index >= trailingFrom)
        {
            return index - trailingFrom < _trailing.Length ? _trailing[index - trailingFrom] : null;
        }

        return index < _elements.Length ? _elements[index] : _rest;
    }

    private bool RejectLength(ref DecodeCursor cursor, int count, int start)
    {
        if (cursor.Report is null)
        {
            return false;
        }

        var isShort = count < _least;
        var expected = _least == _most ? "exactly" : isShort ? "at least" : "at most";
        var reason = string.Create(
            CultureInfo.InvariantCulture,
            $"tuple too {(isShort ? "short" : "long")} (got {count} elements, expected {expected} {(isShort ? _least : _most)})");
        return cursor.Report.Add(isShort ? "minLength" : "maxLength", reason, expected: Lengths(), got: cursor.InputFrom(start));
    }

    private string Lengths() => string.Create(
        CultureInfo.InvariantCulture,
        $"{(_least == _most ? $"{_least}" : _rest is not null ? $"at least {_least}" : $"{_least} to {_most}")} elements");
}
