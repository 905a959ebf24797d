using Bridge.Core.Scripting;
using Microsoft.ClearScript;

namespace Bridge.V8;

/// <summary>ClearScript's exceptions as those of the seam.</summary>
internal static class V8Errors
{
    /// <summary>The script error; an interrupted script needs no translation, since ClearScript's exception is an <see cref="OperationCanceledException"/>.</summary>
    internal static ScriptException Translate(ScriptEngineException exception) =>
        new(exception.Message, exception.ErrorDetails ?? "", exception);
}
