using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Bridge.Core.Schema;

namespace Encore.Host.Hosting;

/// <summary>Makes up a body for an endpoint, to show how it is called. Only shapes count; rules are the reader's to meet.</summary>
internal sealed class SampleJson
{
    // Recursive types end somewhere.
    private const int MaxDepth = 4;

    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly Application _application;
    private readonly Utf8JsonWriter _json;

    private SampleJson(Application application, Utf8JsonWriter json)
    {
        _application = application;
        _json = json;
    }

    /// <summary>A body with the endpoint's required body fields.</summary>
    public static string Of(Application application, EndpointSchema endpoint)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output, WriterOptions))
        {
            var inPath = endpoint.Path.Where(segment => segment.Kind != PathSegmentKind.Literal).Select(segment => segment.Value);
            new SampleJson(application, json).WriteFields(
                application.Types_[(int)endpoint.Request].Object?.Fields.Where(field => field.Wire is null).ExceptBy(inPath, field => field.Name) ?? [], MaxDepth);
        }

        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private void WriteFields(IEnumerable<Field> fields, int depth)
    {
        _json.WriteStartObject();
        foreach (var field in fields.Where(field => !field.Optional))
        {
            _json.WritePropertyName(field.Name);
            Write(_application.Types_[(int)field.Type], depth - 1);
        }

        _json.WriteEndObject();
    }

    private void Write(TypeSchema type, int depth)
    {
        switch (type.ShapeCase)
        {
            case TypeSchema.ShapeOneofCase.Object when depth > 0:
                WriteFields(type.Object.Fields, depth);
                break;
            case TypeSchema.ShapeOneofCase.Array:
                _json.WriteStartArray();
                _json.WriteEndArray();
                break;
            case TypeSchema.ShapeOneofCase.Union when depth > 0:
                Write(_application.Types_[(int)type.Union.Options[0]], depth - 1);
                break;
            case TypeSchema.ShapeOneofCase.Literal:
                WriteLiteral(type.Literal);
                break;
            case TypeSchema.ShapeOneofCase.Primitive:
                WritePrimitive(type.Primitive);
                break;
            default:
                _json.WriteStartObject();
                _json.WriteEndObject();
                break;
        }
    }

    private void WriteLiteral(Literal literal)
    {
        switch (literal.ValueCase)
        {
            case Literal.ValueOneofCase.Number:
                _json.WriteNumberValue(literal.Number);
                break;
            case Literal.ValueOneofCase.Boolean:
                _json.WriteBooleanValue(literal.Boolean);
                break;
            default:
                _json.WriteStringValue(literal.Text);
                break;
        }
    }

    private void WritePrimitive(Primitive primitive)
    {
        switch (primitive)
        {
            case Primitive.Number:
                _json.WriteNumberValue(1);
                break;
            case Primitive.Boolean:
                _json.WriteBooleanValue(true);
                break;
            case Primitive.Null or Primitive.Any:
                _json.WriteNullValue();
                break;
            case Primitive.Date:
                _json.WriteStringValue("2030-01-01T00:00:00Z");
                break;
            case Primitive.Bigint or Primitive.Decimal:
                _json.WriteStringValue("1");
                break;
            case Primitive.Bytes:
                _json.WriteStringValue("");
                break;
            default:
                _json.WriteStringValue("text");
                break;
        }
    }
}
