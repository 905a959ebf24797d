using Bridge.Core.Scripting;
using Jint;
using Jint.Native;

namespace Bridge.Jint;

/// <summary>How single values cross to Jint and back.</summary>
internal static class JintValues
{
    internal static JsValue ToScript(Engine engine, ScriptValue value) => value.Kind switch
    {
        ScriptValueKind.Undefined => JsValue.Undefined,
        ScriptValueKind.Null => JsValue.Null,
        ScriptValueKind.Boolean => value.AsBoolean() ? JsBoolean.True : JsBoolean.False,
        ScriptValueKind.Number => new JsNumber(value.AsNumber()),
        ScriptValueKind.Text => new JsString(value.AsText()),
        _ => engine.Intrinsics.Uint8Array.Construct([engine.Intrinsics.ArrayBuffer.Construct(value.AsBytes().ToArray())], engine.Intrinsics.Uint8Array),
    };

    internal static ScriptValue ToHost(JsValue value)
    {
        if (value.IsString())
        {
            return ScriptValue.From(value.AsString());
        }

        if (value.IsNumber())
        {
            return ScriptValue.From(value.AsNumber());
        }

        if (value.IsBoolean())
        {
            return ScriptValue.From(value.AsBoolean());
        }

        if (value.IsNull())
        {
            return ScriptValue.Null;
        }

        if (value.IsArrayBuffer())
        {
            return ScriptValue.From(value.AsArrayBuffer()?.ToArray());
        }

        return value.IsUint8Array() ? ScriptValue.From(value.AsUint8Array()) : ScriptValue.Undefined;
    }
}
