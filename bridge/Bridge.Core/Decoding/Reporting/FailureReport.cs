using System.Globalization;
using System.Text;
using Bridge.Core.Decoding.Nodes;
using Bridge.Core.Errors;

namespace Bridge.Core.Decoding.Reporting;

/// <summary>
/// Collects the violations of a request known to be bad, with their paths and in words. It allocates freely and is bounded in number.
/// </summary>
/// <param name="isSensitive">Whether values must not appear in messages.</param>
internal sealed class FailureReport(bool isSensitive)
{
    private readonly List<Violation> _violations = [];
    private readonly ReportPath _path = new();
    private readonly int _startDepth;
    private string? _message;
    private int _shapeMisses;

    private FailureReport(FailureReport parent)
        : this(parent.IsSensitive)
    {
        _path = parent._path;
        _startDepth = parent._path.Depth;
        Place = parent.Place;
        IsProbe = true;
    }

    /// <summary>Whether it only finds out what would be said.</summary>
    public bool IsProbe { get; }

    /// <summary>The part of the request being decoded.</summary>
    public RequestPlace Place { get; set; }

    /// <summary>Whether values must not appear in messages.</summary>
    public bool IsSensitive => isSensitive;

    /// <summary>Violations so far.</summary>
    public int Count => _violations.Count;

    /// <summary>Steps into a named value.</summary>
    public void Push(string name) => _path.Push(name);

    /// <summary>Steps into a named value.</summary>
    public void Push(ReadOnlySpan<byte> name) => _path.Push(Encoding.UTF8.GetString(name));

    /// <summary>Steps into an array's element.</summary>
    public void Push(int index) => _path.Push(index);

    /// <summary>Steps out.</summary>
    public void Pop() => _path.Pop();

    /// <summary>Records a violation at the current path.</summary>
    /// <param name="rule">What is violated.</param>
    /// <param name="reason">For people, without the place.</param>
    /// <param name="message">The answer's message should this be the first violation; null for the place's usual one.</param>
    /// <returns>Whether there is room for more.</returns>
    public bool Add(string rule, string reason, string? message = null) =>
        AddAt(_path.Pointer, rule, reason, message ?? PlaceMessages.Of(Place, _path, reason));

    /// <summary>Records that declared names didn't come.</summary>
    public bool Missing(IReadOnlyList<string> names)
    {
        var all = names.Count == 1 ? $"missing field {names[0]}" : $"missing fields {Quoted(names)}";
        var hasRoom = true;
        _shapeMisses += _path.Depth == _startDepth ? names.Count : 0;
        foreach (var name in names)
        {
            var pointer = _path.Pointer + ReportPath.Escape(name);
            hasRoom = AddAt(pointer, "required", $"missing field {name}", PlaceMessages.Of(Place, _path, all));
        }

        return hasRoom;
    }

    /// <summary>Records that a header or cookie didn't come.</summary>
    public bool MissingCarrier(string name)
    {
        var reason = Place == RequestPlace.Cookie ? $"missing required cookie: {name}" : $"missing required header: {name}";
        return AddAt(ReportPath.Escape(name), "required", reason, reason);
    }

    /// <summary>Records that a name comes twice.</summary>
    public bool Duplicate(ReadOnlySpan<byte> utf8Name)
    {
        var name = Shortened(Encoding.UTF8.GetString(utf8Name));
        var reason = $"duplicate field {name}";
        return AddAt(_path.Pointer + ReportPath.Escape(name), "duplicate", reason, PlaceMessages.Of(Place, _path, reason));
    }

    /// <summary>Records that a JSON value is of another type than declared.</summary>
    public bool Mismatch(ValueNode node, ReadOnlySpan<byte> json)
    {
        // A literal right below a union's option is what tells the options apart.
        var isTag = node is LiteralTextNode or LiteralNumberNode or LiteralBooleanNode;
        _shapeMisses += isTag && _path.Depth == _startDepth + 1 ? 1 : 0;
        var isText = json[0] == (byte)'"';
        if (isText && node.InvalidText is { } invalid)
        {
            return Add("type", node is LiteralTextNode && !isSensitive ? $"{invalid}, got {ValueDescription.Text(json)}" : invalid);
        }

        var found = isSensitive ? ValueDescription.Kind(json) : ValueDescription.Of(json);
        return Add("type", $"invalid type: {found}, expected {node.Expected}");
    }

    /// <summary>Records that text from outside the body can't be read as the declared type.</summary>
    public bool TextMismatch(ValueNode node, ReadOnlySpan<byte> utf8Text)
    {
        var text = isSensitive ? null : Shortened(Encoding.UTF8.GetString(utf8Text));
        var got = text is null ? "" : $", got {text}";
        var reason = node is ConvertedNode && node.InvalidText is { } invalid ? invalid : $"expected {node.Expected}{got}";
        return Add("type", reason, PlaceMessages.TextMismatch(Place, node, text));
    }

    /// <summary>Records that the body isn't JSON from here on.</summary>
    public void Syntax(string reason, ReadOnlySpan<byte> input, int position)
    {
        var before = input[..position];
        var line = 1 + before.Count((byte)'\n');
        var column = position - (before.LastIndexOf((byte)'\n') + 1) + 1;
        Add("syntax", string.Create(CultureInfo.InvariantCulture, $"{reason} at line {line} column {column}"));
    }

    /// <summary>A report from here on that can be adopted or forgotten.</summary>
    public FailureReport Probe() => new(this);

    /// <summary>Whether a probe speaks of an option that the value comes closer to: its tags match, its fields are there, and less is wrong.</summary>
    public bool IsCloserThan(FailureReport other) => (_shapeMisses, Count).CompareTo((other._shapeMisses, other.Count)) < 0;

    /// <summary>Ends a probe: the path is again where it began.</summary>
    public void EndProbe() => _path.Return(_startDepth);

    /// <summary>Takes over what a probe found.</summary>
    public bool Adopt(FailureReport probe)
    {
        _message ??= probe._message;
        _violations.AddRange(probe._violations.Take(DecodeFailure.MaxViolations - _violations.Count));
        return _violations.Count < DecodeFailure.MaxViolations;
    }

    /// <summary>The failure, with what was found.</summary>
    public DecodeFailure ToFailure()
    {
        if (_message is null)
        {
            // The first pass failed where the second didn't: a pattern's time limit, which is the only thing that isn't the same each time.
            Add("timeout", "the request could not be checked in time");
        }

        return new DecodeFailure(ErrorCode.InvalidArgument, _message ?? "", _violations);
    }

    private static string Quoted(IReadOnlyList<string> names)
    {
        var quoted = names.Select(name => $"`{name}`").ToArray();
        return quoted.Length == 2 ? $"{quoted[0]} and {quoted[1]}" : $"{string.Join(", ", quoted[..^1])}, and {quoted[^1]}";
    }

    private static string Shortened(string text) => ValueDescription.Shorten(text);

    private bool AddAt(string pointer, string rule, string reason, string message)
    {
        _message ??= message;
        if (_violations.Count < DecodeFailure.MaxViolations)
        {
            _violations.Add(new Violation(Place, pointer, rule, reason));
        }

        return _violations.Count < DecodeFailure.MaxViolations;
    }
}
