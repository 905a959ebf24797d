namespace Bridge.Core.Scripting;

/// <summary>A host function's body: takes the script's arguments, returns what the script receives.</summary>
/// <remarks>
/// Thread: the engine's. An exception becomes a script <c>Error</c> with the exception's message at the call.
/// The span is valid only during the call.
/// </remarks>
public delegate ScriptValue HostFunctionBody(ReadOnlySpan<ScriptValue> arguments);

/// <summary>A function that scripts can call.</summary>
/// <param name="Name">The method's name on the host object.</param>
/// <param name="Body">What it does.</param>
public sealed record HostFunction(string Name, HostFunctionBody Body);
