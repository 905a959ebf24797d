using System.Collections.Concurrent;
using Encore.Host.Configuration;
using Encore.Host.Logging;

namespace Encore.Host.Secrets;

/// <summary>
/// The values of an application's secrets: the configuration's, else the environment's, else those of <c>.secrets.local</c>. Nothing prints
/// them. Thread: any.
/// </summary>
internal sealed class SecretSource
{
    private readonly IReadOnlyDictionary<string, string> _configured;
    private readonly Func<string, string?> _variables;
    private readonly IReadOnlyDictionary<string, string> _local;
    private readonly bool _isDevelopment;
    private readonly LogSink _log;
    private readonly ConcurrentDictionary<string, bool> _warned = new(StringComparer.Ordinal);

    private SecretSource(
        HttpHostOptions options, Func<string, string?> variables, IReadOnlyDictionary<string, string> local, LogSink log)
    {
        _configured = options.Infrastructure.Secrets;
        _isDevelopment = options.Environment == HostEnvironment.Development;
        _variables = variables;
        _local = local;
        _log = log;
    }

    /// <summary>Reads what there is.</summary>
    /// <param name="root">The application's folder.</param>
    /// <param name="options">With the configuration, and what the application runs for.</param>
    /// <param name="variables">Looks an environment variable up; null if it isn't set.</param>
    /// <param name="log">Told of lines that can't be read, and of secrets that are missing.</param>
    public static SecretSource Load(string root, HttpHostOptions options, Func<string, string?> variables, LogSink log) =>
        new(options, variables, LocalSecrets.Read(root, problem => log.Write(LogSeverity.Warn, problem)), log);

    /// <summary>Finds a secret.</summary>
    /// <returns>In development "" for one that isn't set, with one warning; null then in production.</returns>
    public string? Find(string name)
    {
        if (_configured.TryGetValue(name, out var configured))
        {
            return configured;
        }

        if ((_variables(name) ?? _local.GetValueOrDefault(name)) is { } value)
        {
            return value;
        }

        if (!_isDevelopment)
        {
            return null;
        }

        if (_warned.TryAdd(name, true))
        {
            _log.Write(
                LogSeverity.Warn,
                $"the secret {name} isn't set and is empty here: write {name}=… into {LocalSecrets.FileName} in the application's folder, or set the environment variable {name}");
        }

        return "";
    }
}
