using System.Globalization;
using System.Text;
using Bridge.Core.Schema;

namespace Bridge.Core.Calls;

/// <summary>
/// Writes the JavaScript that checks and copies a request: one function for each type with parts, which answers undefined for a value that
/// isn't of the type. What is wrong with it is found out by another walk, which <see cref="DescriptionWriter"/> writes the map for.
/// </summary>
internal sealed partial class RequestWriter(ScriptConstants constants, RuleScript rules, KeyScript keys, Application application)
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
                $"{x}={CopyOf(scalar)}({x});if({x}===undefined)return;{conditions}{Held(scalar, x)}",
            CallScalar scalar => $"if(!{Negatable(Test(scalar, x))})return;{conditions}",
            CallAny => $"{x}=plain({x},{depth});if({x}===undefined)return;{conditions}",
            CallList { IsSet: true } list =>
                $"{x}={ShapeOf(node)}({x},{depth});if({x}===undefined{(IsPlainlyDistinct(list.Element) ? "" : $"||!isDistinct({x},false)")})return;{conditions}{x}=new Set({x});",
            CallMap => $"{x}={ShapeOf(node)}({x},{depth});if({x}===undefined||!isDistinct({x},true))return;{conditions}{x}=new Map({x});",
            _ => $"{x}={ShapeOf(node)}({x},{depth});if({x}===undefined)return;{conditions}",
        };
    }

    private static string CopyOf(CallScalar scalar) => scalar.Kinds == CallKinds.Date ? "date" : "bytes";

    // Rules look at the bytes, which a buffer by itself doesn't show.
    private static string Held(CallScalar scalar, string x) => scalar.BytesClass switch
    {
        BytesClass.ArrayBuffer => $"{x}={x}.buffer;",
        BytesClass.Buffer => $"{x}=Buffer.from({x}.buffer);",
        _ => "",
    };

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
}
