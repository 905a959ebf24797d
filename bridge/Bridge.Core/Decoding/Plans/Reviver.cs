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
    /// <remarks>Marks the unions that must cross with a tag, so it comes before the plan's first use.</remarks>
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
            ArrayNode array => $"for(let i=0;i<v.length;i++)v[i]={Revived(array.Element, "v[i]")};return v",
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

        if (node.Additional is not null && _reviving.Contains(node.Additional))
        {
            // Every key is an own property here, so assigning to __proto__ replaces that, and no prototype.
            var declared = string.Concat(node.Fields.Select(field => $"k!=={Quote(field.Name)}&&"));
            body.Append($"for(const k of Object.keys(v)){(declared.Length > 0 ? $"if({declared[..^2]})" : "")}v[k]={Revived(node.Additional, "v[k]")};");
        }

        return body.Append("return v").ToString();
    }

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
