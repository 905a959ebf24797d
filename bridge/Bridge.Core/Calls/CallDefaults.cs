using System.Text;
using System.Text.Json;
using Bridge.Core.Decoding;
using Bridge.Core.Decoding.Nodes;
using Bridge.Core.Decoding.Plans;
using Bridge.Core.Schema;

namespace Bridge.Core.Calls;

/// <summary>What missing fields become: the value that a request's decoder gives, made anew for each call.</summary>
internal static class CallDefaults
{
    /// <summary>The expression that makes a field's default.</summary>
    /// <exception cref="SchemaException">The default isn't of the field's type.</exception>
    public static string Of(Application application, Field field, ScriptConstants constants)
    {
        var compiler = new PlanCompiler(application);
        var node = compiler.NodeOf(field.Type);
        var reviver = Reviver.SourceFor(node);
        compiler.CompleteDefaults();
        var json = new ObjectField(field.Name, node, isRequired: false, field.DefaultJson).Default;
        using var parsed = JsonDocument.Parse(json);
        if (reviver is null && parsed.RootElement.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array))
        {
            return parsed.RootElement.ValueKind == JsonValueKind.String ? Script.Quote(parsed.RootElement.GetString() ?? "") : parsed.RootElement.GetRawText();
        }

        var fresh = $"JSON.parse({Script.Quote(Encoding.UTF8.GetString(json))})";
        return reviver is null ? fresh : $"{constants.NameOf(reviver)}({fresh},Decimal)";
    }
}
