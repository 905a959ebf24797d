using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using Bridge.Core.Decoding.Json;
using Bridge.Core.Decoding.Nodes;

namespace Bridge.Core.Decoding.Plans;

/// <summary>
/// Writes the JavaScript that turns normal forms into the objects that a handler gets: only where a type has them, in place, without search.
/// </summary>
internal sealed class Reviver
{
    // Names that every object inherits: `v.constructor !== undefined` holds of any v.
    private static readonly HashSet<string> Inherited = new(StringComparer.Ordinal)
    {
        "__defineGetter__", "__defineSetter__", "__lookupGetter__", "__lookupSetter__", "__proto__", "constructor", "hasOwnProperty",
        "isPrototypeOf", "propertyIsEnumerable", "toLocaleString", "toString", "valueOf",
    };

    private static readonly (JsonKinds Kind, string Test)[] KindTests =
    [
        (JsonKinds.Boolean, "typeof v===\"boolean\""),
        (JsonKinds.Number, "typeof v===\"number\""),
        (JsonKinds.Text, "typeof v===\"string\""),
        (JsonKinds.Array, "Array.isArray(v)"),
        (JsonKinds.Object, "typeof v===\"object\"&&v!==null&&!Array.isArray(v)"),
    ];

    private readonly HashSet<ValueNode> _reviving;
    private readonly Dictionary<ValueNode, string> _names = [];
    private readonly StringBuilder _functions = new();
    private readonly string _parameters;
    private readonly string _passed;

    private Reviver(HashSet<ValueNode> reviving)
    {
        _reviving = reviving;
        var hasDecimals = reviving.Any(node => node is DecimalNode);
        _parameters = hasDecimals ? "(v,Decimal)" : "(v)";
        _passed = hasDecimals ? ",Decimal" : "";
    }

    /// <summary>
    /// The source of a function from the parsed normal form to the value itself; null where they are the same.
    /// </summary>
    /// <remarks>Marks the unions and fields that must cross with a tag, so it comes before the plan's first use.</remarks>
    public static string? SourceFor(ValueNode root)
    {
        var reviving = RevivingNodes.Under(root);
        if (!reviving.Contains(root))
        {
            return null;
        }

        foreach (var union in reviving.OfType<UnionNode>())
        {
            union.IsTagged = IsAmbiguous(union, reviving);
        }

        foreach (var undeclared in reviving.OfType<ObjectNode>().Select(node => node.Undeclared))
        {
            undeclared.IsTagged = undeclared.Values.Any(reviving.Contains) && undeclared.Values.Distinct().Count() > 1;
        }

        var reviver = new Reviver(reviving);
        var entry = reviver.Revived(root, "v");
        return $"(()=>{{{reviver._functions}return {reviver._parameters}=>{entry}}})()";
    }

    private static bool IsAmbiguous(UnionNode union, HashSet<ValueNode> reviving) =>
        union.Options.Any(option => reviving.Contains(option)
            && union.Options.Any(other => other != option && (other.CrossingKinds & option.CrossingKinds) != JsonKinds.None));

    private string Revived(ValueNode node, string value) => node switch
    {
        _ when !_reviving.Contains(node) => value,
        RuledNode ruled => Revived(ruled.Inner, value),
        ConvertedNode converted => converted.Revive(value),
        _ => $"{FunctionFor(node)}({value}{_passed})",
    };

    private string FunctionFor(ValueNode node)
    {
        if (_names.TryGetValue(node, out var known))
        {
            return known;
        }

        var name = $"f{_names.Count}";
        _names.Add(node, name);
        var body = node switch
        {
            ObjectNode shape => ObjectBody(shape),
            ArrayNode array => $"{EachFrom("0", "v.length", array.Element)}return {(array.IsSet ? "new Set(v)" : "v")}",
            MapNode map => $"{EachFrom("0", "v.length", map.Entry)}return new Map(v)",
            TupleNode tuple => TupleBody(tuple),
            UnionNode { IsTagged: true } union => TaggedBody(union),
            UnionNode union => UnionBody(union),
            _ => "return v",
        };
        _functions.Append($"const {name}={_parameters}=>{{{body}}};");
        return name;
    }

    private string ObjectBody(ObjectNode node)
    {
        var body = new StringBuilder();
        foreach (var field in node.Fields.Where(field => _reviving.Contains(field.Node)))
        {
            var access = $"v[{Quote(field.Name)}]";
            var present = Inherited.Contains(field.Name) ? $"Object.hasOwn(v,{Quote(field.Name)})" : $"{access}!==undefined";
            body.Append(field.IsRequired ? "" : $"if({present})").Append($"{access}={Revived(field.Node, access)};");
        }

        if (node.Undeclared.Values.Any(_reviving.Contains))
        {
            // Every key is an own property here, so assigning to __proto__ replaces that, and no prototype.
            var declared = string.Concat(node.Fields.Select(field => $"k!=={Quote(field.Name)}&&"));
            body.Append($"for(const k of Object.keys(v)){(declared.Length > 0 ? $"if({declared[..^2]})" : "")}v[k]={UndeclaredValue(node.Undeclared)};");
        }

        return body.Append("return v").ToString();
    }

    private string UndeclaredValue(UndeclaredFields undeclared)
    {
        if (!undeclared.IsTagged)
        {
            return Revived(undeclared.Values[0], "v[k]");
        }

        var choices = undeclared.Values.Select((value, index) => (value, index)).Where(pair => _reviving.Contains(pair.value))
            .Select(pair => $"v[k][0]==={pair.index}?{Revived(pair.value, "v[k][1]")}:");
        return $"{string.Concat(choices)}v[k][1]";
    }

    private string TupleBody(TupleNode tuple)
    {
        var body = new StringBuilder();
        for (var i = 0; i < tuple.Elements.Count; i++)
        {
            if (_reviving.Contains(tuple.Elements[i]))
            {
                body.Append(CultureInfo.InvariantCulture, $"if(v.length>{i + tuple.Trailing.Count})v[{i}]={Revived(tuple.Elements[i], $"v[{i}]")};");
            }
        }

        body.Append(tuple.Rest is null ? "" : EachFrom($"{tuple.Elements.Count}", $"v.length-{tuple.Trailing.Count}", tuple.Rest));
        for (var i = 0; i < tuple.Trailing.Count; i++)
        {
            var access = $"v[v.length-{tuple.Trailing.Count - i}]";
            body.Append(_reviving.Contains(tuple.Trailing[i]) ? $"{access}={Revived(tuple.Trailing[i], access)};" : "");
        }

        return body.Append("return v").ToString();
    }

    private string EachFrom(string first, string end, ValueNode element) =>
        _reviving.Contains(element) ? $"for(let i={first};i<{end};i++)v[i]={Revived(element, "v[i]")};" : "";

    private string TaggedBody(UnionNode union)
    {
        var cases = union.Options.Select((option, index) => (option, index)).Where(pair => _reviving.Contains(pair.option))
            .Select(pair => $"case {pair.index}:return {Revived(pair.option, "v[1]")};");
        return $"switch(v[0]){{{string.Concat(cases)}default:return v[1]}}";
    }

    private string UnionBody(UnionNode union)
    {
        var body = new StringBuilder();
        foreach (var option in union.Options.Where(_reviving.Contains))
        {
            var tests = KindTests.Where(test => (option.CrossingKinds & test.Kind) != JsonKinds.None).Select(test => test.Test);
            body.Append($"if({string.Join("||", tests)})return {Revived(option, "v")};");
        }

        return body.Append("return v").ToString();
    }

    // The default encoder escapes everything but plain ASCII: no quote, line separator or tag survives.
    private static string Quote(string name) => $"\"{JavaScriptEncoder.Default.Encode(name)}\"";
}
