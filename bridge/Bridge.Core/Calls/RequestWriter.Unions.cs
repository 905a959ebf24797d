using System.Globalization;
using System.Text;

namespace Bridge.Core.Calls;

/// <content>Unions: by the value's kind, then by the tag, then in declaration order.</content>
internal sealed partial class RequestWriter
{
    private string UnionBody(CallUnion union)
    {
        var body = new StringBuilder();
        foreach (var group in union.ByKind.Where(pair => pair.Kind < CallKinds.BigInt).GroupBy(pair => string.Join(',', pair.Options)))
        {
            body.Append($"if({string.Join("||", group.Select(pair => KindTest(pair.Kind)))}){{{Choice(union, CallKinds.None, group.First().Options)}}}");
        }

        foreach (var (kind, options) in union.ByKind.Where(pair => pair.Kind >= CallKinds.BigInt))
        {
            // An object says by itself what it is to JSON, once.
            body.Append(kind == CallKinds.Object
                ? $"if(kindOf(v)!==\"object\")return;if(!j&&typeof v.toJSON===\"function\")return {ShapeOf(union)}(v.toJSON(),d,true);{Choice(union, kind, options)}"
                : $"if({KindTest(kind)}){{{Choice(union, kind, options)}}}");
        }

        return body.ToString();
    }

    private static string KindTest(CallKinds kind) => kind switch
    {
        CallKinds.Null => "v===null",
        CallKinds.Boolean => "typeof v===\"boolean\"",
        CallKinds.Number => "typeof v===\"number\"",
        CallKinds.Text => "typeof v===\"string\"",
        CallKinds.BigInt => "typeof v===\"bigint\"",
        CallKinds.List => "Array.isArray(v)",
        _ => $"is{kind}(v)",
    };

    private string Choice(CallUnion union, CallKinds kind, int[] options)
    {
        if (options.Length == 1)
        {
            return $"{Checked(union.Options[options[0]], "v", "d")}return v;";
        }

        if (kind == CallKinds.Object && union.Tags is { } tags)
        {
            var tag = CallField.IsInheritedName(tags.Name) ? $"own(v,{Script.Quote(tags.Name)})" : $"v[{Script.Quote(tags.Name)}]";
            var cases = tags.Values.Select(pair => $"case {Script.Of(pair.Value)}:return {CheckOf(union.Options[pair.Option])}(v,d);");
            return $"switch({tag}){{{string.Concat(cases)}}}return;";
        }

        var checks = options.Select(option => CheckOf(union.Options[option])).ToList();
        if (kind is CallKinds.Object or CallKinds.List or CallKinds.Set or CallKinds.Map)
        {
            return string.Create(CultureInfo.InvariantCulture, $"return choose({_unions++},v,d,[{string.Join(',', checks)}]);");
        }

        return $"let x;{string.Concat(checks.Select(check => $"x={check}(v,d);if(x!==undefined)return x;"))}return;";
    }
}
