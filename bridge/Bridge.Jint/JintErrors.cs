using Bridge.Core.Scripting;
using Jint;
using Jint.Native;
using Jint.Runtime;

namespace Bridge.Jint;

/// <summary>Jint's exceptions as those of the seam.</summary>
internal static class JintErrors
{
    /// <summary>
    /// The script error. Besides what scripts throw, Jint lets its limits and failures of the runtime underneath through as they are, such as a
    /// regular expression's time-out: they ended the script, and are errors of it.
    /// </summary>
    internal static ScriptException Translate(Exception exception) => exception switch
    {
        JavaScriptException script => Thrown(script),
        ScriptPreparationException { InnerException: Acornima.ParseErrorException syntax } => Unparsed(syntax, exception),
        _ => new ScriptException(exception.Message, "", exception),
    };

    private static ScriptException Thrown(JavaScriptException exception)
    {
        if (exception.GetBaseException() is Acornima.ParseErrorException syntax)
        {
            return Unparsed(syntax, exception);
        }

        var description = Describe(exception.Error);
        return new ScriptException(description, $"{description}\n{exception.JavaScriptStackTrace}", exception);
    }

    private static ScriptException Unparsed(Acornima.ParseErrorException syntax, Exception exception)
    {
        var description = $"SyntaxError: {syntax.Error.Description}";
        return new ScriptException(description, $"{description}\n    at {syntax.Error.SourceFile}:{syntax.LineNumber}:{syntax.Column + 1}", exception);
    }

    private static string Describe(JsValue error)
    {
        try
        {
            return error.IsSymbol() ? error.ToString() : TypeConverter.ToString(error);
        }
        catch (JavaScriptException)
        {
            return "a value that can't be described was thrown";
        }
    }
}
