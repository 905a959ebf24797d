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
    private const int MaxOptionsNamed = 8;
    private const int MaxSummary = 120;

    private readonly List<Violation> _violations = [];
    private readonly ReportPath _path = new();
    private readonly int _startDepth;
    private readonly string _startPointer = "";
    private string? _message;
    private int _shapeMisses;

    private FailureReport(FailureReport parent)
        : this(parent.IsSensitive)
    {
        _path = parent._path;
        _startDepth = parent._path.Depth;
        _startPointer = parent._path.Pointer;
        Place = parent.Place;
        Branch = parent.Branch;
        IsProbe = true;
    }

    /// <summary>Whether it only finds out what would be said.</summary>
    public bool IsProbe { get; }

    /// <summary>The part of the request being decoded.</summary>
    public RequestPlace Place { get; set; }

    /// <summary>The option of a union that a tag chose, which what is wrong in it is said of; null outside.</summary>
    public string? Branch { get; set; }

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
    /// <param name="expected">What was expected, in a few words.</param>
    /// <param name="got">The value as it was sent.</param>
    /// <returns>Whether there is room for more.</returns>
    public bool Add(string rule, string reason, string? message = null, string? expected = null, ReadOnlySpan<byte> got = default)
    {
        reason = InBranch(reason);
        var excerpt = isSensitive || got.IsEmpty ? null : ValueDescription.Excerpt(got);
        return AddAt(_path.Pointer, rule, reason, message ?? PlaceMessages.Of(Place, _path, reason), expected, excerpt);
    }

    /// <summary>Records that declared names didn't come.</summary>
    public bool Missing(IReadOnlyList<string> names)
    {
        var all = InBranch(names.Count == 1 ? $"missing field {names[0]}" : $"missing fields {Quoted(names)}");
        var hasRoom = true;
        _shapeMisses += _path.Depth == _startDepth ? names.Count : 0;
        foreach (var name in names)
        {
            var pointer = _path.Pointer + ReportPath.Escape(name);
            hasRoom = AddAt(pointer, "required", InBranch($"missing field {name}"), PlaceMessages.Of(Place, _path, all));
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
        var name = ValueDescription.Excerpt(utf8Name);
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
            var reason = node is LiteralTextNode && !isSensitive ? $"{invalid}, got {ValueDescription.Text(json)}" : invalid;
            return Add("type", reason, expected: node.Expected, got: json);
        }

        var found = isSensitive ? ValueDescription.Kind(json) : ValueDescription.Of(json);
        return Add("type", $"invalid type: {found}, expected {node.Expected}", expected: node.Expected, got: json);
    }

    /// <summary>Records that text from outside the body can't be read as the declared type.</summary>
    public bool TextMismatch(ValueNode node, ReadOnlySpan<byte> utf8Text)
    {
        var text = isSensitive ? null : ValueDescription.Excerpt(utf8Text);
        var got = text is null ? "" : $", got {text}";
        var reason = node is ConvertedNode && node.InvalidText is { } invalid ? invalid : $"expected {node.Expected}{got}";
        return Add("type", reason, PlaceMessages.TextMismatch(Place, node, text), node.Expected, utf8Text);
    }

    /// <summary>Records that the body isn't JSON from here on.</summary>
    public void Syntax(string reason, ReadOnlySpan<byte> input, int position)
    {
        var before = input[..position];
        var line = 1 + before.Count((byte)'\n');
        var column = position - (before.LastIndexOf((byte)'\n') + 1) + 1;
        Branch = null; // it ends here, and what isn't JSON is nobody's option
        Add("syntax", string.Create(CultureInfo.InvariantCulture, $"{reason} at line {line} column {column}"));
    }

    /// <summary>A report from here on that can be adopted or forgotten.</summary>
    public FailureReport Probe() => new(this);

    /// <summary>Whether a probe speaks of an option that the value comes closer to: its tags match, its fields are there, and less is wrong.</summary>
    public bool IsCloserThan(FailureReport other) => (_shapeMisses, Count).CompareTo((other._shapeMisses, other.Count)) < 0;

    /// <summary>Ends a probe: the path is again where it began.</summary>
    public void EndProbe() => _path.Return(_startDepth);

    /// <summary>Takes over what the closest of a union's options lacks, and says beside its first violation what the others wanted.</summary>
    /// <param name="probes">What was found of each option, by its name; at least one.</param>
    public bool AdoptClosest(IReadOnlyList<(string Name, FailureReport Probe)> probes)
    {
        var (name, closest) = probes[0];
        foreach (var (otherName, other) in probes.Skip(1))
        {
            (name, closest) = other.IsCloserThan(closest) ? (otherName, other) : (name, closest);
        }

        if (closest._violations.Count == 0)
        {
            return true; // a budget ended the first reading and not this one: nothing is known of the value
        }

        var others = probes.Where(pair => pair.Probe != closest && pair.Probe._violations.Count > 0).Take(MaxOptionsNamed)
            .Select(pair => $"; {pair.Name}: {pair.Probe.Summary}");
        var remark = $" ({name}{string.Concat(others)})";
        _message ??= closest._message + remark;
        for (var i = 0; i < closest._violations.Count && _violations.Count < DecodeFailure.MaxViolations; i++)
        {
            var violation = closest._violations[i];
            _violations.Add(i == 0 ? violation with { Message = violation.Message + remark } : violation);
        }

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

    private string Summary
    {
        get
        {
            var first = _violations[0];
            var place = _startPointer.Length < first.Path.Length ? $"{first.Path[_startPointer.Length..]} " : "";
            return ValueDescription.Shorten(place + first.Message, MaxSummary);
        }
    }

    private string InBranch(string reason) => Branch is null ? reason : $"{reason} ({Branch})";

    private bool AddAt(string pointer, string rule, string reason, string message, string? expected = null, string? got = null)
    {
        _message ??= message;
        if (_violations.Count < DecodeFailure.MaxViolations)
        {
            _violations.Add(new Violation(Place, pointer, rule, reason, expected, got));
        }

        return _violations.Count < DecodeFailure.MaxViolations;
    }
}
