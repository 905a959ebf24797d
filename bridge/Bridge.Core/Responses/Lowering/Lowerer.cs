using System.Text;
using System.Text.Encodings.Web;
using Bridge.Core.Schema;

namespace Bridge.Core.Responses.Lowering;

/// <summary>
/// Writes the JavaScript that turns what a handler returned into what <c>JSON.stringify</c> carries: bytes become base64, sets arrays, maps
/// arrays of entries, dates and decimals their texts. The mirror image of <see cref="Decoding.Plans.Reviver"/>.
/// </summary>
/// <remarks>
/// The script tells by the value, never by which option of a union it is: a function serves all types that may stand at a place, and takes
/// bytes for bytes wherever one of them says so. What is handed over stays as it is: objects on the way to a lowered value are copied, all
/// others are passed on. A value of another shape than declared passes through.
/// </remarks>
internal sealed class Lowerer
{
    // An answer that goes deeper is most likely one that goes in circles, and then JSON.stringify says where.
    private const string Depth =
        """
        const deep=()=>{throw new RangeError("the answer is nested more than 1000 levels deep")};
        """;

    // Jint reads a view from its buffer's first byte, whatever the view's offset: there, a view is copied first.
    private const string Bytes =
        """
        const own=new Uint8Array([0,1]).subarray(1).toBase64()==="AQ=="?v=>v:v=>v.slice();
        const bytes=v=>own(v instanceof Uint8Array?v:v instanceof ArrayBuffer?new Uint8Array(v):new Uint8Array(v.buffer,v.byteOffset,v.byteLength)).toBase64();
        """;

    // Names that every object inherits: `r.constructor !== undefined` holds of any r.
    private static readonly HashSet<string> Inherited = new(StringComparer.Ordinal)
    {
        "__defineGetter__", "__defineSetter__", "__lookupGetter__", "__lookupSetter__", "__proto__", "constructor", "hasOwnProperty",
        "isPrototypeOf", "propertyIsEnumerable", "toLocaleString", "toString", "valueOf",
    };

    private readonly LoweredTypes _types;
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly StringBuilder _functions = new();

    private Lowerer(LoweredTypes types) => _types = types;

    /// <summary>
    /// The source of a function from what a handler returns to what can be stringified; null where a type holds nothing to lower.
    /// </summary>
    /// <exception cref="Decoding.SchemaException">The artifact is damaged.</exception>
    public static string? SourceFor(Application application, uint root)
    {
        var types = new LoweredTypes(application, root);
        var entry = types.Expand([root]);
        if (entry.Length == 0)
        {
            return null;
        }

        var lowerer = new Lowerer(types);
        var lowered = lowerer.FunctionFor(entry);
        return $"(()=>{{{Depth}{Bytes}{lowerer._functions}return v=>{{try{{return {lowered}(v,0)}}catch(e){{if(e instanceof RangeError)JSON.stringify(v);throw e}}}}}})()";
    }

    private string Lowered(IEnumerable<uint> types, string value)
    {
        var expanded = _types.Expand(types);
        return expanded.Length == 0 ? value : $"{FunctionFor(expanded)}({value},d+1)";
    }

    private string FunctionFor(uint[] types)
    {
        var key = string.Join(',', types);
        if (_names.TryGetValue(key, out var known))
        {
            return known;
        }

        var name = $"f{_names.Count}";
        _names.Add(key, name);
        var body = BodyFor([.. types.Select(_types.TypeOf)]);
        _functions.Append($"const {name}=(v,d)=>{{{body}}};");
        return name;
    }

    private string BodyFor(List<TypeSchema> types)
    {
        var body = new StringBuilder("if(typeof v!==\"object\"||v===null)return v;if(d===1000)deep();");
        if (types.Exists(type => type.ShapeCase == TypeSchema.ShapeOneofCase.Primitive && type.Primitive == Primitive.Bytes))
        {
            body.Append("if(ArrayBuffer.isView(v)||v instanceof ArrayBuffer)return bytes(v);");
        }

        var sets = types.Where(type => type.ShapeCase == TypeSchema.ShapeOneofCase.Set).ToList();
        if (sets.Count > 0)
        {
            body.Append($"if(v instanceof Set){{const r=[];for(const e of v)r.push({Lowered(sets.SelectMany(LoweredShapes.ElementsOf), "e")});return r}}");
        }

        var maps = types.Where(type => type.ShapeCase == TypeSchema.ShapeOneofCase.Map).Select(type => type.Map).ToList();
        if (maps.Count > 0)
        {
            var (key, value) = (Lowered(maps.Select(map => map.Key), "k"), Lowered(maps.Select(map => map.Value), "e"));
            body.Append($"if(v instanceof Map){{const r=[];for(const [k,e] of v)r.push([{key},{value}]);return r}}");
        }

        // What JSON.stringify would ask first; a copy below wouldn't inherit it.
        body.Append("if(typeof v.toJSON===\"function\"){v=v.toJSON();if(typeof v!==\"object\"||v===null)return v}");
        var elements = Lowered(types.SelectMany(LoweredShapes.ElementsOf), "v[i]");
        body.Append(elements == "v[i]" ? "if(Array.isArray(v))return v;" : $"if(Array.isArray(v)){{const r=[];for(let i=0;i<v.length;i++)r.push({elements});return r}}");
        return body.Append(MembersOf(types)).ToString();
    }

    /// <summary>The function's end, for objects.</summary>
    private string MembersOf(List<TypeSchema> types)
    {
        var undeclared = types.SelectMany(LoweredShapes.UndeclaredOf).ToList();
        var members = new StringBuilder();
        var handled = new StringBuilder();
        var fields = types.Where(type => type.ShapeCase == TypeSchema.ShapeOneofCase.Object).SelectMany(type => type.Object.Fields);
        foreach (var field in fields.GroupBy(field => field.Name, field => field.Type, StringComparer.Ordinal))
        {
            var name = Quote(field.Key);
            var lowered = Lowered(field.Concat(undeclared), $"r[{name}]");
            if (lowered != $"r[{name}]")
            {
                members.Append($"if({(Inherited.Contains(field.Key) ? $"Object.hasOwn(r,{name})" : $"r[{name}]!==undefined")})r[{name}]={lowered};");
                handled.Append($"k!=={name}&&");
            }
        }

        var other = Lowered(undeclared, "r[k]");
        if (other != "r[k]")
        {
            // Every key is an own property of the copy, so assigning to __proto__ replaces that, and no prototype.
            members.Append($"for(const k of Object.keys(r)){(handled.Length > 0 ? $"if({handled.ToString(0, handled.Length - 2)})" : "")}r[k]={other};");
        }

        return members.Length == 0 ? "return v" : $"const r={{...v}};{members}return r";
    }

    // The default encoder escapes everything but plain ASCII: no quote, line separator or tag survives.
    private static string Quote(string name) => $"\"{JavaScriptEncoder.Default.Encode(name)}\"";
}
