using System.Globalization;
using Encore.Host.Compiler;
using Encore.Host.Diagnostics;

namespace Encore.Host.Commands;

/// <summary>What commands say to the person before the screen; results go to standard output, all else to standard error.</summary>
internal static class Terminal
{
    /// <summary>A failure in one line, with a way out in a second where there is one.</summary>
    public static void WriteError(string message, string? help)
    {
        Console.Error.WriteLine($"{TerminalStyle.ForError.Error("error")}: {message}");
        if (help is not null)
        {
            WriteHelp(help);
        }
    }

    /// <summary>Something that goes on in spite of it.</summary>
    public static void WriteWarning(string message) => Console.Error.WriteLine($"{TerminalStyle.ForError.Warning("warning")}: {message}");

    /// <summary>A way out.</summary>
    public static void WriteHelp(string help) => Console.Error.WriteLine($"  {TerminalStyle.ForError.Label("help:")} {help}");

    /// <summary>A build's findings.</summary>
    public static void WriteDiagnostics(BuildResult result, string root)
    {
        var renderer = new DiagnosticRenderer(root, TerminalStyle.ForError, Environment.CurrentDirectory);
        Console.Error.Write(renderer.Render(result.Diagnostics));
    }

    /// <summary>What a command has done, in one line.</summary>
    public static void WriteResult(string line) => Console.Out.WriteLine(line);

    /// <summary>"1 endpoint", "2 endpoints".</summary>
    public static string Count(int count, string noun) => string.Create(CultureInfo.InvariantCulture, $"{count} {noun}{(count == 1 ? "" : "s")}");

    /// <summary>"0.84 s".</summary>
    public static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.00} s");

    /// <summary>A path as short as it can be said from here.</summary>
    public static string Shorten(string path)
    {
        var relative = Path.GetRelativePath(Environment.CurrentDirectory, path);
        return relative.Length < path.Length ? relative : path;
    }
}
