using System.Globalization;
using System.Text;

namespace Bridge.Core.Calls;

/// <content>Arrays, sets, maps and tuples.</content>
internal sealed partial class RequestWriter
{
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
}
