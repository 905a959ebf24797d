using Encore.Host.Commands;
using Encore.Host.Diagnostics;

namespace Encore.Host.Databases;

/// <summary>A database can't be worked with.</summary>
/// <param name="finding">What is wrong, where, and what to do about it.</param>
/// <param name="root">The folder that the place is relative to.</param>
/// <param name="exitCode">One of <see cref="ExitCodes"/>.</param>
/// <param name="inner">What was caught, if anything.</param>
internal sealed class DatabaseException(Diagnostic finding, string root, int exitCode, Exception? inner = null) : Exception(finding.Message, inner)
{
    /// <summary>One of <see cref="ExitCodes"/>.</summary>
    public int ExitCode { get; } = exitCode;

    /// <summary>Tells the person who started the program, with the lines around the place if it has one.</summary>
    /// <returns>The exit code.</returns>
    public int Report()
    {
        if (finding.Span is null)
        {
            Terminal.WriteError(finding.Message, finding.Help);
        }
        else
        {
            Console.Error.Write(new DiagnosticRenderer(root, TerminalStyle.ForError, Environment.CurrentDirectory).Render([finding]));
        }

        return ExitCode;
    }
}
