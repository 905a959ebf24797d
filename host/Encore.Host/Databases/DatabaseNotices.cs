namespace Encore.Host.Databases;

/// <summary>Where goes what a person should know while databases are made ready.</summary>
/// <param name="Say">Receives what was done.</param>
/// <param name="Warn">Receives what isn't as it should be.</param>
/// <param name="Initializing">Called when the server's data are made, which takes a moment; what it returns is disposed when that is over.</param>
internal sealed record DatabaseNotices(Action<string> Say, Action<string> Warn, Func<IDisposable?> Initializing);
