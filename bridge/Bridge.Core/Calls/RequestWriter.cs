using System.Globalization;
using System.Text;
using Bridge.Core.Schema;

namespace Bridge.Core.Calls;

/// <summary>
/// Writes the JavaScript that checks and copies a request: one function for each type with parts, which answers undefined for a value that
/// isn't of the type. What is wrong with it is found out by another walk, which <see cref="DescriptionWriter"/> writes the map for.
/// </summary>
internal sealed class RequestWriter(ScriptConstants constants, RuleScript rules, KeyScript keys, Application application)
{
    private const int ManyNames = 8; // from there on a set is asked, and not name by name

    private readonly Dictionary<CallNode, string> _shapes = [];
    private readonly Dictionary<CallNode, string> _checks = [];
    private readonly StringBuilder _functions = new();
    private int _unions;

    /// <summary>The declarations of all functions so far.</summary>
    public string Functions => _functions.ToString();

    /// <summary>The name of the function <c>(x, d) => copy</c> that checks a value with all rules, at a depth.</summary>
    public string CheckOf(CallNode node)
    {
        if (node.Rules.Count == 0 && node is not (CallScalar or CallAny or CallMap or CallList { IsSet: true }))
        {
            return ShapeOf(node);
        }

        if (!_checks.TryGetValue(node, out var name))
        {
            _checks.Add(node, name = $"c{node.Index}");
            var statements = Checked(node, "x", "d"); // may declare functions of its own, which come first
            _functions.Append($"const {name}=(x,d)=>{{{statements}return x}};");
        }

        return name;
    }

    /// <summary>The name of the function that copies a value with parts, its own rules unchecked; sets and maps become lists.</summary>
    public string ShapeOf(CallNode node)
    {
        if (!_shapes.TryGetValue(node, out var name))
        {
            _shapes.Add(node, name = string.Create(CultureInfo.InvariantCulture, $"f{node.Index}"));
            var body = node switch
            {
                CallObject shape => ObjectBody(shape),
                CallList list => ListBody(list),
                CallMap map => MapBody(map),
                CallTuple tuple => TupleBody(tuple),
                CallUnion union => UnionBody(union),
                _ => throw new System.Diagnostics.UnreachableException(),
            };
            _functions.Append($"const {name}=(v,d{(node is CallUnion ? ",j" : "")})=>{{{body}}};");
        }

        return name;
    }

    /// <summary>The condition that a value is of a type without parts.</summary>
    public string Test(CallScalar node, string x)
    {
        if (node.Literals is { } literals)
        {
            return literals.Count > ManyNames
                ? $"{constants.NameOf($"new Set([{string.Join(',', literals.Select(Script.Of))}])")}.has({x})"
                : $"({string.Join("||", literals.Select(literal => $"{x}==={Script.Of(literal)}"))})";
        }

        return node.Kinds switch
        {
            CallKinds.Text => $"typeof {x}===\"string\"",
            CallKinds.Number => $"Number.isFinite({x})",
            CallKinds.Boolean => $"typeof {x}===\"boolean\"",
            CallKinds.Null => $"{x}===null",
            CallKinds.BigInt => $"isBigInt({x})",
            CallKinds.Decimal => $"isShortDecimal({x})",
            CallKinds.Date => $"date({x})!==undefined",
            _ => $"isBytes({x})",
        };
    }

    /// <summary>Statements that check a variable and put the copy in its place, and leave the function where it doesn't fit.</summary>
    private string Checked(CallNode node, string x, string depth)
    {
        var conditions = string.Concat(node.Rules.Select(rule => rules.Holds(rule, node.Subject, x)).Where(rule => rule is not null).Select(rule => $"if(!{Negatable(rule!)})return;"));
        return node switch
        {
            CallScalar { Kinds: CallKinds.Date or CallKinds.Bytes, Literals: null } scalar =>
                $"{x}={(scalar.Kinds == CallKinds.Date ? "date" : "bytes")}({x});if({x}===undefined)return;{conditions}",
            CallScalar scalar => $"if(!{Negatable(Test(scalar, x))})return;{conditions}",
            CallAny => $"{x}=plain({x},{depth});if({x}===undefined)return;{conditions}",
            CallList { IsSet: true } list =>
                $"{x}={ShapeOf(node)}({x},{depth});if({x}===undefined{(IsPlainlyDistinct(list.Element) ? "" : $"||!isDistinct({x},false)")})return;{conditions}{x}=new Set({x});",
            CallMap => $"{x}={ShapeOf(node)}({x},{depth});if({x}===undefined||!isDistinct({x},true))return;{conditions}{x}=new Map({x});",
            _ => $"{x}={ShapeOf(node)}({x},{depth});if({x}===undefined)return;{conditions}",
        };
    }

    private static string Negatable(string condition) => $"({condition})";

    // What a Set holds apart is apart: only objects can be equal and not the same.
    private static bool IsPlainlyDistinct(CallNode element) =>
        (element.Kinds & ~(CallKinds.Text | CallKinds.Number | CallKinds.Boolean | CallKinds.BigInt | CallKinds.Null)) == CallKinds.None;

    private string ObjectBody(CallObject node)
    {
        var body = new StringBuilder("if(typeof v!==\"object\"||v===null)return;if(typeof v.toJSON===\"function\"){v=v.toJSON();if(typeof v!==\"object\"||v===null)return}");
        body.Append("if(Array.isArray(v))return;");

        // A Map has none of the fields that must be there; where nothing must, it would pass for an object without any.
        body.Append(node.Fields.Any(field => field.IsRequired) ? "" : "if(isContainer(v)||isDate(v)||isDecimal(v))return;").Append("if(d>127)throw deep;");
        var (members, additions) = (new StringBuilder(), new StringBuilder());
        for (var i = 0; i < node.Fields.Length; i++)
        {
            var (field, x) = (node.Fields[i], string.Create(CultureInfo.InvariantCulture, $"x{i}"));
            body.Append($"let {x}={Member("v", field)};{CheckedField(field, x)}");
            if (field.IsRequired || field.Schema.HasDefaultJson)
            {
                members.Append(members.Length > 0 ? "," : "").Append($"{(field.Name == "__proto__" ? "[\"__proto__\"]" : Script.Quote(field.Name))}:{x}");
            }
            else
            {
                additions.Append($"if({x}!==undefined){Put("o", Script.Quote(field.Name), x, field.Name == "__proto__")}");
            }
        }

        if (additions.Length == 0 && node.IsClosed)
        {
            return body.Append($"return{{{members}}}").ToString();
        }

        return body.Append($"const o={{{members}}};{additions}{(node.IsClosed ? "" : Undeclared(node))}return o").ToString();
    }

    private static string Member(string value, CallField field) =>
        field.IsInherited ? $"own({value},{Script.Quote(field.Name)})" : $"{value}[{Script.Quote(field.Name)}]";

    private static string Put(string target, string name, string value, bool mayBePrototype) =>
        mayBePrototype ? $"put({target},{name},{value});" : $"{target}[{name}]={value};";

    private string CheckedField(CallField field, string x)
    {
        // Where JSON has nothing for a value, an optional field of any type is missing.
        var check = field.Node is CallAny { Rules.Count: 0 } && !field.IsRequired ? $"{x}=plain({x},d+1);" : Checked(field.Node, x, "d+1");
        return field.Schema.HasDefaultJson ? $"if({x}!==undefined){{{check}}}if({x}===undefined){x}={CallDefaults.Of(application, field.Schema, constants)};"
            : field.IsRequired ? check
            : $"if({x}!==undefined){{{check}}}";
    }

    private string Undeclared(CallObject node)
    {
        var names = node.Fields.Select(field => Script.Quote(field.Name)).ToList();
        var isDeclared = names.Count > ManyNames
            ? $"{constants.NameOf($"new Set([{string.Join(',', names)}])")}.has(k)"
            : string.Join("||", names.Select(name => $"k==={name}"));
        var choices = string.Concat(node.Patterns.Select(pattern => $"if({keys.Fits(pattern.Key, "k")}){{{CheckedMember(pattern.Value)}}}else "));
        var other = node.Additional is null ? "continue;" : $"{(node.Key is { } key ? $"if(!({keys.Fits(key, "k")}))return;" : "")}{CheckedMember(node.Additional)}";
        return $"for(const k of Object.keys(v)){{{(names.Count > 0 ? $"if({isDeclared})continue;" : "")}let e=v[k];if(e===undefined)continue;{choices}{{{other}}}put(o,k,e)}}";
    }

    private string CheckedMember(CallNode node) =>
        node is CallAny { Rules.Count: 0 } ? "e=plain(e,d+1);if(e===undefined)continue;" : Checked(node, "e", "d+1");

    private string CheckedElement(CallNode node, string x, string depth) => node is CallAny { Rules.Count: 0 }
        ? $"{x}=plain({x},{depth})??null;"
        : $"{((node.Kinds & CallKinds.Null) != CallKinds.None ? $"if({x}===undefined){x}=null;" : "")}{Checked(node, x, depth)}";

    private string ListBody(CallList list) => list.IsSet
        ? $"if(!isSet(v))return;if(d>127)throw deep;const r=[];for(let e of setValues.call(v)){{{CheckedElement(list.Element, "e", "d+1")}r.push(e)}}return r"
        : $"if(!Array.isArray(v))return;if(d>127)throw deep;const r=[];for(let i=0;i<v.length;i++){{let e=v[i];{CheckedElement(list.Element, "e", "d+1")}r.push(e)}}return r";

    private string MapBody(CallMap map) =>
        $"if(!isMap(v))return;if(d>126)throw deep;const r=[];for(let[k,e]of mapEntries.call(v)){{{CheckedElement(map.Key, "k", "d+2")}{CheckedElement(map.Value, "e", "d+2")}r.push([k,e])}}return r";

    private string TupleBody(CallTuple tuple)
    {
        var body = new StringBuilder($"if(!Array.isArray(v))return;if(d>127)throw deep;const n={Trimmed(tuple, "v")};");
        body.Append(CultureInfo.InvariantCulture, $"if(n<{tuple.Least}{(tuple.Most is { } most ? string.Create(CultureInfo.InvariantCulture, $"||n>{most}") : "")})return;const r=[];let e;");
        for (var i = 0; i < tuple.Elements.Length; i++)
        {
            var element = $"e=v[{i}];{CheckedElement(tuple.Elements[i], "e", "d+1")}r.push(e);";
            body.Append(i < tuple.Required ? element : string.Create(CultureInfo.InvariantCulture, $"if(n>{i + tuple.Trailing.Length}){{{element}}}"));
        }

        if (tuple.Rest is not null)
        {
            body.Append(CultureInfo.InvariantCulture, $"for(let i={tuple.Elements.Length};i<n-{tuple.Trailing.Length};i++){{e=v[i];{CheckedElement(tuple.Rest, "e", "d+1")}r.push(e)}}");
        }

        for (var i = 0; i < tuple.Trailing.Length; i++)
        {
            body.Append(CultureInfo.InvariantCulture, $"e=v[n-{tuple.Trailing.Length - i}];{CheckedElement(tuple.Trailing[i], "e", "d+1")}r.push(e);");
        }

        return body.Append("return r").ToString();
    }

    /// <summary>The expression that counts a tuple's elements: optional ones at its end that are undefined are missing.</summary>
    public static string Trimmed(CallTuple tuple, string value) => tuple.Rest is null && tuple.Trailing.Length == 0 && tuple.Required < tuple.Elements.Length
        ? string.Create(CultureInfo.InvariantCulture, $"trimmed({value},{tuple.Required})")
        : $"{value}.length";

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
