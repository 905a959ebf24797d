using System.Runtime.InteropServices;
using System.Text.Json;
using Bridge.Core.Buffers;
using Bridge.Postgres.Queries;
using Bridge.Postgres.Values;

namespace Bridge.Postgres.FastLane;

/// <summary>Writes a statement's parameters as a Bind message has them: all as texts, and rows asked for as texts.</summary>
internal static class BoundParameters
{
    // A length that means NULL.
    private const int Null = -1;

    /// <summary>Writes them.</summary>
    /// <returns>False where they can't be written here: bytes, and what depends on a type that isn't known.</returns>
    /// <exception cref="Bridge.Core.Operations.OperationException">A parameter is none that PostgreSQL could store.</exception>
    internal static bool TryWrite(PooledBuffer buffer, StatementRequest request)
    {
        FrontendMessages.WriteInt16(buffer, 0);
        var parameters = request.Parameters;
        var count = parameters.ValueKind == JsonValueKind.Array ? parameters.GetArrayLength() : 0;
        if (count > short.MaxValue)
        {
            return false;
        }

        FrontendMessages.WriteInt16(buffer, count);
        if (count > 0)
        {
            var index = 0;
            foreach (var parameter in parameters.EnumerateArray())
            {
                if (!TryWrite(buffer, parameter, request, index++))
                {
                    return false;
                }
            }
        }

        FrontendMessages.WriteInt16(buffer, 0);
        return true;
    }

    private static bool TryWrite(PooledBuffer buffer, JsonElement parameter, StatementRequest request, int index)
    {
        if (parameter.ValueKind == JsonValueKind.Number)
        {
            // The most common, and its text is there already.
            var digits = JsonMarshal.GetRawUtf8Value(parameter);
            FrontendMessages.WriteInt32(buffer, digits.Length);
            buffer.Write(digits);
            return true;
        }

        var operand = Operand.Read(parameter, request.Bytes);
        var types = request.Statement.ParameterTypes;
        if (operand.Kind == OperandKind.Bytes || (operand.NeedsType && types is null))
        {
            return false;
        }

        WriteText(buffer, OperandText.Format(operand, index < types?.Length ? types[index] : null));
        return true;
    }

    private static void WriteText(PooledBuffer buffer, string? text)
    {
        if (text is null)
        {
            FrontendMessages.WriteInt32(buffer, Null);
            return;
        }

        var start = buffer.Length;
        FrontendMessages.WriteInt32(buffer, 0);
        buffer.Overwrite(start, FrontendMessages.WriteText(buffer, text));
    }
}
