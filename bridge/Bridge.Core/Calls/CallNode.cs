using Bridge.Core.Decoding.Nodes;
using Bridge.Core.Schema;

namespace Bridge.Core.Calls;

/// <summary>The kinds of JavaScript value that calls tell apart, as a set.</summary>
[Flags]
internal enum CallKinds
{
    None = 0,
    Null = 1,
    Boolean = 1 << 1,
    Number = 1 << 2,
    Text = 1 << 3,
    BigInt = 1 << 4,
    Date = 1 << 5,
    Decimal = 1 << 6,
    Bytes = 1 << 7,
    Set = 1 << 8,
    Map = 1 << 9,
    List = 1 << 10,
    Object = 1 << 11,
    All = (1 << 12) - 1,
}

/// <summary>A type of the schema as the scripts of calls are written from it.</summary>
/// <remarks>Immutable once its graph is built.</remarks>
internal abstract class CallNode
{
    /// <summary>A number that no other node of the graph has.</summary>
    public required int Index { get; init; }

    /// <summary>The rules on its values, checked one after the other until one is broken.</summary>
    public required IReadOnlyList<Rule> Rules { get; init; }

    /// <summary>The kinds of value that can be of this type.</summary>
    public abstract CallKinds Kinds { get; }

    /// <summary>What a message says was expected, article included.</summary>
    public abstract string Expected { get; }

    /// <summary>What rules see of a value.</summary>
    public virtual CallSubject Subject => CallSubject.None;

    /// <summary>The nodes of its parts.</summary>
    public virtual IEnumerable<CallNode> Parts => [];
}

/// <summary>A type whose values have no parts.</summary>
/// <param name="kinds">The one kind of its values.</param>
/// <param name="expected">What was expected.</param>
/// <param name="subject">What rules see.</param>
internal sealed class CallScalar(CallKinds kinds, string expected, CallSubject subject = CallSubject.None) : CallNode
{
    public override CallKinds Kinds => kinds;

    public override string Expected => expected;

    public override CallSubject Subject => subject;

    /// <summary>The values that it consists of; null where it is all of its kind.</summary>
    public IReadOnlyList<Literal>? Literals { get; init; }

    /// <summary>Of bytes: what the copy holds them in.</summary>
    public BytesClass BytesClass { get; init; }

    /// <summary>The reason given for a string that is none of <see cref="Literals"/>.</summary>
    public string? InvalidText => Literals is [{ ValueCase: Literal.ValueOneofCase.Text }] ? $"expected {expected}" : null;
}

/// <summary><c>any</c>: whatever JSON can carry, as JSON would carry it.</summary>
internal sealed class CallAny : CallNode
{
    public override CallKinds Kinds => CallKinds.All;

    public override string Expected => "any valid JSON value";

    public override CallSubject Subject => CallSubject.Any;
}

/// <summary>An array, or a set.</summary>
internal sealed class CallList(bool isSet) : CallNode
{
    /// <summary>Whether it is a set.</summary>
    public bool IsSet => isSet;

    /// <summary>The type of its elements.</summary>
    public CallNode Element { get; set; } = null!; // Justification: set before the graph is handed out.

    public override CallKinds Kinds => isSet ? CallKinds.Set : CallKinds.List;

    public override string Expected => isSet ? "a Set" : "a JSON array";

    public override CallSubject Subject => CallSubject.List;

    public override IEnumerable<CallNode> Parts => [Element];
}

/// <summary>A map.</summary>
internal sealed class CallMap : CallNode
{
    /// <summary>The type of its keys.</summary>
    public CallNode Key { get; set; } = null!; // Justification: set before the graph is handed out.

    /// <summary>The type of its values.</summary>
    public CallNode Value { get; set; } = null!; // Justification: set before the graph is handed out.

    public override CallKinds Kinds => CallKinds.Map;

    public override string Expected => "a Map";

    public override CallSubject Subject => CallSubject.List;

    public override IEnumerable<CallNode> Parts => [Key, Value];
}

/// <summary>A tuple.</summary>
internal sealed class CallTuple : CallNode
{
    /// <summary>The types of the first elements.</summary>
    public CallNode[] Elements { get; set; } = [];

    /// <summary>How many of them must be there.</summary>
    public int Required { get; init; }

    /// <summary>The type of the elements after those; null where there are none.</summary>
    public CallNode? Rest { get; set; }

    /// <summary>The types of the last elements.</summary>
    public CallNode[] Trailing { get; set; } = [];

    /// <summary>The fewest elements.</summary>
    public int Least => Required + Trailing.Length;

    /// <summary>The most elements; null where there may be any number.</summary>
    public int? Most => Rest is null ? Elements.Length + Trailing.Length : null;

    public override CallKinds Kinds => CallKinds.List;

    public override string Expected => "a JSON array";

    public override CallSubject Subject => CallSubject.List;

    public override IEnumerable<CallNode> Parts => [.. Elements, .. Rest is null ? Array.Empty<CallNode>() : [Rest], .. Trailing];
}

/// <summary>An object with declared fields, undeclared ones, or both.</summary>
internal sealed class CallObject : CallNode
{
    /// <summary>The declared fields, in declaration order.</summary>
    public CallField[] Fields { get; set; } = [];

    /// <summary>Types of undeclared fields by the types of their names; the first that a name fits decides.</summary>
    public (uint Key, CallNode Value)[] Patterns { get; set; } = [];

    /// <summary>The type of all others; null where they are dropped.</summary>
    public CallNode? Additional { get; set; }

    /// <summary>The type that the names of those others must satisfy; null for any.</summary>
    public uint? Key { get; init; }

    /// <summary>Whether undeclared fields are dropped.</summary>
    public bool IsClosed => Patterns.Length == 0 && Additional is null;

    public override CallKinds Kinds => CallKinds.Object;

    public override string Expected => "a JSON object";

    public override IEnumerable<CallNode> Parts =>
        [.. Fields.Select(one => one.Node), .. Patterns.Select(pattern => pattern.Value), .. Additional is null ? Array.Empty<CallNode>() : [Additional]];
}

/// <summary>A declared field.</summary>
/// <param name="Schema">Its declaration.</param>
/// <param name="Node">The type of its value.</param>
internal sealed record CallField(Field Schema, CallNode Node)
{
    // Names that every object inherits.
    private static readonly HashSet<string> Inherited = new(StringComparer.Ordinal)
    {
        "__defineGetter__", "__defineSetter__", "__lookupGetter__", "__lookupSetter__", "__proto__", "constructor", "hasOwnProperty",
        "isPrototypeOf", "propertyIsEnumerable", "toLocaleString", "toString", "valueOf",
    };

    /// <summary>Its name.</summary>
    public string Name => Schema.Name;

    /// <summary>Whether it must be there.</summary>
    public bool IsRequired => !Schema.Optional && !Schema.HasDefaultJson;

    /// <summary>Whether every object has something by its name.</summary>
    public bool IsInherited => IsInheritedName(Name);

    /// <summary>Whether every object has something by a name.</summary>
    public static bool IsInheritedName(string name) => Inherited.Contains(name);
}

/// <summary>One of several types.</summary>
internal sealed class CallUnion : CallNode
{
    private static readonly CallKinds[] AllKinds = [.. Enum.GetValues<CallKinds>().Where(kind => int.PopCount((int)kind) == 1)];

    /// <summary>The options, in declaration order; none is a union.</summary>
    public CallNode[] Options { get; set; } = [];

    /// <summary>What messages call each.</summary>
    public required string[] Names { get; init; }

    /// <summary>What tells the options that are objects apart; null where nothing does.</summary>
    public required UnionTags? Tags { get; init; }

    public override CallKinds Kinds => Options.Aggregate(CallKinds.None, (kinds, option) => kinds | option.Kinds);

    public override string Expected => Expectation.AnyOf([.. Options.Select(option => option.Expected).Distinct(StringComparer.Ordinal)]);

    public override IEnumerable<CallNode> Parts => Options;

    /// <summary>The options that a value of each kind can be of, by their indexes; kinds that no option takes are left out.</summary>
    public IEnumerable<(CallKinds Kind, int[] Options)> ByKind =>
        AllKinds.Select(kind => (kind, Enumerable.Range(0, Options.Length).Where(index => (Options[index].Kinds & kind) != CallKinds.None).ToArray()))
            .Where(pair => pair.Item2.Length > 0);
}
