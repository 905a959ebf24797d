namespace Bridge.Core.Scripting;

/// <summary>A script or module as text.</summary>
/// <param name="Name">What stack traces call it: a file name without a path, such as <c>app.js</c>.</param>
/// <param name="Text">The JavaScript.</param>
/// <param name="CachePath">A file that keeps the compiled form between runs, made on first use; null keeps none.</param>
public sealed record ScriptSource(string Name, string Text, string? CachePath = null);
