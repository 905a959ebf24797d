using System.Runtime.CompilerServices;
using Bridge.Core.Scripting;
using Microsoft.ClearScript;
using Microsoft.ClearScript.JavaScript;
using Microsoft.ClearScript.V8;
using Microsoft.ClearScript.V8.FastProxy;

namespace Bridge.V8;

/// <summary>How single values and host functions cross to V8 and back.</summary>
internal sealed class V8Values(V8ScriptEngine engine)
{
    /// <summary>Arguments that are read onto the stack; more than any of the isolate's own functions takes.</summary>
    private const int StackArguments = 8;

    private readonly ScriptObject _newBytes = (ScriptObject)engine.Evaluate("(length) => new Uint8Array(length)");

    internal V8FastHostFunction Wrap(HostFunction function) =>
        new(function.Name, 0, (bool _, in V8FastArgs args, in V8FastResult result) =>
        {
            var buffer = default(ArgumentBuffer);
            var values = args.Count <= StackArguments ? ((Span<ScriptValue>)buffer)[..args.Count] : new ScriptValue[args.Count];
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = Read(in args, i);
            }

            Set(Run(function, values), in result);
        });

    internal static V8FastHostFunction Wrap(string name, TurnSink sink) =>
        new(name, 3, (bool _, in V8FastArgs args, in V8FastResult result) =>
        {
            args.TryGet(0, out int count);
            args.TryGet(1, out ReadOnlySpan<char> answers);
            args.TryGet(2, out ReadOnlySpan<char> operations);
            sink(count, answers, operations);
            result.SetUndefined();
        });

    internal object? ToScript(ScriptValue value) => value.Kind switch
    {
        ScriptValueKind.Undefined => Undefined.Value,
        ScriptValueKind.Null => null,
        ScriptValueKind.Boolean => value.AsBoolean(),
        ScriptValueKind.Number => value.AsNumber(),
        ScriptValueKind.Text => value.AsText(),
        _ => NewBytes(value.AsBytes()),
    };

    internal static ScriptValue ToHost(object? value) => value switch
    {
        null => ScriptValue.Null,
        string text => ScriptValue.From(text),
        bool boolean => ScriptValue.From(boolean),
        IConvertible number when IsNumber(number) => ScriptValue.From(number.ToDouble(null)),
        ITypedArray or IArrayBuffer or IDataView => ScriptValue.From(CopyBytes(value)),
        _ => ScriptValue.Undefined,
    };

    private static bool IsNumber(IConvertible value) => value.GetTypeCode() is >= TypeCode.SByte and <= TypeCode.Decimal;

    private static byte[]? CopyBytes(object value)
    {
        using var owner = (IDisposable)value;
        return value is IArrayBuffer buffer ? buffer.GetBytes() : ((IArrayBufferView)value).GetBytes();
    }

    private static ScriptValue Run(HostFunction function, ReadOnlySpan<ScriptValue> arguments)
    {
        try
        {
            return function.Body(arguments);
        }
        catch (Exception exception) when (exception is not OperationCanceledException && exception.InnerException is not null)
        {
            throw new V8HostFunctionException(exception);
        }
    }

    private static ScriptValue Read(in V8FastArgs args, int index)
    {
        if (args.TryGet(index, out string text))
        {
            return ScriptValue.From(text);
        }

        if (args.TryGet(index, out double number))
        {
            return ScriptValue.From(number);
        }

        if (args.TryGet(index, out bool boolean))
        {
            return ScriptValue.From(boolean);
        }

        if (args.IsNull(index))
        {
            return ScriptValue.Null;
        }

        if (args.TryGet(index, out IArrayBufferView view))
        {
            return ScriptValue.From(CopyBytes(view));
        }

        return args.TryGet(index, out IArrayBuffer buffer) ? ScriptValue.From(CopyBytes(buffer)) : ScriptValue.Undefined;
    }

    private void Set(ScriptValue value, in V8FastResult result)
    {
        switch (value.Kind)
        {
            case ScriptValueKind.Undefined:
                result.SetUndefined();
                break;
            case ScriptValueKind.Null:
                result.SetNull();
                break;
            case ScriptValueKind.Boolean:
                result.Set(value.AsBoolean());
                break;
            case ScriptValueKind.Number:
                result.Set(value.AsNumber());
                break;
            case ScriptValueKind.Text:
                result.Set(value.AsText());
                break;
            default:
                result.Set(NewBytes(value.AsBytes()));
                break;
        }
    }

    private object NewBytes(byte[] bytes)
    {
        var array = (ITypedArray<byte>)_newBytes.InvokeAsFunction(bytes.Length);
        array.Write(bytes, 0, (ulong)bytes.Length, 0);
        return array;
    }

    [InlineArray(StackArguments)]
    private struct ArgumentBuffer
    {
        private ScriptValue _first;
    }
}
