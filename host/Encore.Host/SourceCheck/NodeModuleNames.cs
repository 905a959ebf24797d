using System.Collections.Frozen;

namespace Encore.Host.SourceCheck;

/// <summary>The modules that Node.js brings along (https://nodejs.org/api/), and what takes their place in the isolate.</summary>
public static class NodeModuleNames
{
    private const string NoSubstitute = "use a web standard API, or a package that also runs in browsers and edge runtimes";

    private static readonly FrozenDictionary<string, string> Known = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["assert"] = NoSubstitute,
        ["async_hooks"] = NoSubstitute,
        ["buffer"] = "use Uint8Array, TextEncoder and TextDecoder, or install npm's buffer package",
        ["child_process"] = "run programs as services of their own and call them with fetch",
        ["cluster"] = "start several encore-host processes",
        ["console"] = "use the global console",
        ["constants"] = NoSubstitute,
        ["crypto"] = "use the global crypto (getRandomValues, randomUUID)",
        ["dgram"] = NoSubstitute,
        ["diagnostics_channel"] = NoSubstitute,
        ["dns"] = NoSubstitute,
        ["domain"] = NoSubstitute,
        ["events"] = "use EventTarget, or install npm's events package",
        ["fs"] = "use fs or fs/promises",
        ["http"] = "use fetch for requests and api() for answers",
        ["http2"] = "use fetch for requests and api() for answers",
        ["https"] = "use fetch for requests and api() for answers",
        ["inspector"] = NoSubstitute,
        ["module"] = "use import",
        ["net"] = NoSubstitute,
        ["os"] = NoSubstitute,
        ["path"] = "use path or path/posix",
        ["perf_hooks"] = "use the global performance",
        ["process"] = "use the global process.env",
        ["punycode"] = "use URL, or install npm's punycode package",
        ["querystring"] = "use URLSearchParams",
        ["readline"] = NoSubstitute,
        ["repl"] = NoSubstitute,
        ["sea"] = NoSubstitute,
        ["sqlite"] = NoSubstitute,
        ["stream"] = "use async iterators",
        ["string_decoder"] = "use TextDecoder",
        ["sys"] = NoSubstitute,
        ["test"] = "keep tests out of modules that the application imports",
        ["timers"] = "use the global setTimeout and setInterval",
        ["tls"] = NoSubstitute,
        ["trace_events"] = NoSubstitute,
        ["tty"] = NoSubstitute,
        ["url"] = "use the global URL and URLSearchParams",
        ["util"] = "use structuredClone, TextEncoder and their like, or install npm's util package",
        ["v8"] = NoSubstitute,
        ["vm"] = NoSubstitute,
        ["wasi"] = NoSubstitute,
        ["worker_threads"] = NoSubstitute,
        ["zlib"] = "install npm's fflate or pako package",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    // https://nodejs.org/api/modules.html#built-in-modules-with-mandatory-node-prefix
    private static readonly FrozenSet<string> OnlyWithPrefix = new[] { "sea", "sqlite", "test" }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Whether a specifier names a module of Node's: <c>fs</c>, <c>fs/promises</c>, <c>node:fs</c>.</summary>
    public static bool IsNodeModule(string specifier) =>
        Known.ContainsKey(NameOf(specifier)) && (HasPrefix(specifier) || !OnlyWithPrefix.Contains(NameOf(specifier)));

    /// <summary>Whether the isolate has the part of the module that applications use most.</summary>
    public static bool IsProvided(string specifier) =>
        specifier == "node:buffer" || NameWithin(specifier) is "crypto" or "fs" or "fs/promises" or "path" or "path/posix";

    /// <summary>Whether a specifier claims to be a module of Node's.</summary>
    public static bool HasPrefix(string specifier) => specifier.StartsWith("node:", StringComparison.Ordinal);

    /// <summary>What to use in place of the module.</summary>
    public static string SubstituteFor(string specifier) => Known.GetValueOrDefault(NameOf(specifier), NoSubstitute);

    private static string NameWithin(string specifier) => HasPrefix(specifier) ? specifier["node:".Length..] : specifier;

    private static string NameOf(string specifier)
    {
        var name = NameWithin(specifier);
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? name : name[..slash];
    }
}
