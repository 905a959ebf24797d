using System.Text;
using Bridge.Core.Scripting;
using Encore.Host.Compiler;
using Encore.Host.Http;

namespace Encore.Host.Hosting;

/// <summary>The application can't be served as it is declared.</summary>
/// <param name="problems">All that is wrong, a line for each.</param>
internal sealed class StartException(IReadOnlyList<string> problems) : Exception(string.Join('\n', problems))
{
    /// <summary>All that is wrong, a line for each.</summary>
    public IReadOnlyList<string> Problems { get; } = problems;
}

/// <summary>What a person reads when the host can't start.</summary>
internal static class StartFailure
{
    /// <summary>The text; null for an error that is the host's own fault.</summary>
    public static string? Describe(Exception error) => error switch
    {
        ListenException listen => Lines([listen.Message], listen.Help),
        StartException start => Lines(start.Problems, help: null),
        HostFilesException files => Lines([files.Message], files.Help),
        ScriptException script => Lines(["the application failed to load: " + (script.ScriptStack.Length > 0 ? script.ScriptStack : script.Message)], help: null),
        _ => null,
    };

    private static string Lines(IReadOnlyList<string> problems, string? help)
    {
        var text = new StringBuilder();
        foreach (var problem in problems)
        {
            text.Append("error: ").Append(problem.TrimEnd()).Append('\n');
        }

        if (help is not null)
        {
            text.Append("  help: ").Append(help).Append('\n');
        }

        return text.ToString();
    }
}
