using System.Globalization;
using System.Text;

namespace Bridge.Core.Calls;

/// <summary>Writes what the report of a failed check walks by: the types as an array of JavaScript objects, made when the first check fails.</summary>
internal sealed class DescriptionWriter(RequestWriter checks, RuleScript rules, KeyScript keys)
{
    private readonly Dictionary<CallNode, int> _places = [];
    private readonly List<CallNode> _nodes = [];

    /// <summary>The array for a type and all that it leads to; the type itself comes first.</summary>
    public string Describe(CallNode root)
    {
        PlaceOf(root);
        var descriptions = new StringBuilder();
        for (var i = 0; i < _nodes.Count; i++)
        {
            descriptions.Append(i > 0 ? "," : "").Append($"{{{Describe(_nodes[i], RulesOf(_nodes[i]))}}}");
        }

        return $"[{descriptions}]";
    }

    private string PlaceOf(CallNode node)
    {
        if (!_places.TryGetValue(node, out var place))
        {
            _places.Add(node, place = _nodes.Count);
            _nodes.Add(node);
        }

        return place.ToString(CultureInfo.InvariantCulture);
    }

    private string RulesOf(CallNode node) =>
        $"expected:{Script.Quote(node.Expected)},rules:[{string.Join(',', node.Rules.Select(rule => rules.Describe(rule, node.Subject)))}]";

    private string Describe(CallNode node, string common) => node switch
    {
        CallScalar scalar => $"shape:\"scalar\",{common}{Describe(scalar)}",
        CallAny => $"shape:\"any\",{common}",
        CallObject shape => $"shape:\"object\",{common},{Describe(shape)}",
        CallList list => $"shape:\"list\",{common},kind:\"{(list.IsSet ? "set" : "list")}\",element:{PlaceOf(list.Element)}{CopyOf(node, list.IsSet)}",
        CallMap map => $"shape:\"map\",{common},key:{PlaceOf(map.Key)},value:{PlaceOf(map.Value)}{CopyOf(node, isNeeded: true)}",
        CallTuple tuple => $"shape:\"tuple\",{common},{Describe(tuple)}{CopyOf(node, isNeeded: false)}",
        CallUnion union => $"shape:\"union\",{common},{Describe(union)}",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private string CopyOf(CallNode node, bool isNeeded) => isNeeded || node.Rules.Count > 0 ? $",copy:{checks.ShapeOf(node)}" : "";

    private string Describe(CallScalar scalar)
    {
        var isLiteral = scalar.Literals is null ? "" : ",isLiteral:true";
        var invalidText = scalar.InvalidText is null ? "" : $",invalidText:{Script.Quote(scalar.InvalidText)}";
        var (isOfKind, invalid) = scalar.Kinds switch
        {
            CallKinds.Date => ("isDate", "invalid datetime: expected a year from 0 to 9999"),
            CallKinds.BigInt => ("x=>typeof x===\"bigint\"", "invalid bigint: more than 4096 digits"),
            CallKinds.Decimal => ("isDecimal", "invalid decimal: more than 4096 digits"),
            _ => ("", ""),
        };
        return $",fits:x=>{checks.Test(scalar, "x")}{isLiteral}{invalidText}{(invalid.Length > 0 ? $",isOfKind:{isOfKind},invalid:{Script.Quote(invalid)}" : "")}";
    }

    private string Describe(CallObject node)
    {
        var fields = node.Fields.Select(field =>
            $"[{Script.Quote(field.Name)},{{type:{PlaceOf(field.Node)},isRequired:{Word(field.IsRequired)},isInherited:{Word(field.IsInherited)}}}]");
        var patterns = node.Patterns.Select(pattern => $"{{fits:k=>{keys.Fits(pattern.Key, "k")},type:{PlaceOf(pattern.Value)}}}");
        var key = node.Key is { } type ? $",key:{{fits:k=>{keys.Fits(type, "k")},expected:{Script.Quote(keys.Expected(type))}}}" : "";
        var additional = node.Additional is null ? "" : $",additional:{PlaceOf(node.Additional)}{key}";
        return $"fields:new Map([{string.Join(',', fields)}]),patterns:[{string.Join(',', patterns)}]{additional}";
    }

    private string Describe(CallTuple tuple)
    {
        var most = tuple.Most?.ToString(CultureInfo.InvariantCulture);
        var lengths = tuple.Least == tuple.Most ? most! : most is null ? Invariant($"at least {tuple.Least}") : Invariant($"{tuple.Least} to {most}");
        return $"elements:[{string.Join(',', tuple.Elements.Select(PlaceOf))}],trailing:[{string.Join(',', tuple.Trailing.Select(PlaceOf))}]"
            + (tuple.Rest is null ? "" : $",rest:{PlaceOf(tuple.Rest)}")
            + Invariant($",least:{tuple.Least},most:{most ?? "Infinity"},lengths:\"{lengths} elements\",count:v=>{RequestWriter.Trimmed(tuple, "v")}");
    }

    private string Describe(CallUnion union)
    {
        var options = union.Options.Select((option, index) => $"{{type:{PlaceOf(option)},check:{checks.CheckOf(option)},name:{Script.Quote(union.Names[index])}}}");
        var byKind = union.ByKind.Select(pair => $"{Name(pair.Kind)}:[{string.Join(',', pair.Options)}]");
        var explained = union.ByKind.Where(pair => IsExplained(union, pair.Kind, pair.Options)).Select(pair => $"\"{Name(pair.Kind)}\"");
        return $"options:[{string.Join(',', options)}],byKind:{{{string.Join(',', byKind)}}},isExplained:[{string.Join(',', explained)}]{TagOf(union)}";
    }

    // Of lists and objects it is worth saying what keeps the value from each; of plain values only where rules do.
    private static bool IsExplained(CallUnion union, CallKinds kind, int[] options) =>
        kind is CallKinds.List or CallKinds.Object or CallKinds.Set or CallKinds.Map || Array.Exists(options, option => union.Options[option].Rules.Count > 0);

    private static string TagOf(CallUnion union)
    {
        if (union.Tags is not { } tags)
        {
            return "";
        }

        var options = tags.Values.Select(pair => Invariant($"[{Script.Of(pair.Value)},{pair.Option}]"));
        var expected = Decoding.Nodes.Expectation.AnyOf([.. tags.Values.Select(pair => Decoding.Nodes.UnionTags.TextOf(pair.Value))]);
        var name = $"name:{Script.Quote(tags.Name)},isInherited:{Word(CallField.IsInheritedName(tags.Name))}";
        return $",tag:{{{name},options:new Map([{string.Join(',', options)}]),expected:{Script.Quote(expected)}}}";
    }

    private static string Name(CallKinds kind) => kind.ToString().ToLowerInvariant();

    private static string Word(bool value) => value ? "true" : "false";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
