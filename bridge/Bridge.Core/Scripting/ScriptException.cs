namespace Bridge.Core.Scripting;

/// <summary>An error thrown by a script and not caught by it.</summary>
public sealed class ScriptException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">The error's name and message: <c>TypeError: x is not a function</c>.</param>
    /// <param name="scriptStack">The script's stack as the engine prints it, message line included; "" where there is none.</param>
    /// <param name="inner">The engine's own exception.</param>
    public ScriptException(string message, string scriptStack, Exception? inner = null)
        : base(message, inner) => ScriptStack = scriptStack;

    /// <summary>The script's stack: positions are those of the running code, mapped to sources where the isolate knows a map.</summary>
    public string ScriptStack { get; }
}
