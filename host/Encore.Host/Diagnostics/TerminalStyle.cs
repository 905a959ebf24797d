namespace Encore.Host.Diagnostics;

/// <summary>Colours for one output stream, or none.</summary>
public sealed class TerminalStyle
{
    private readonly bool _colored;

    private TerminalStyle(bool colored) => _colored = colored;

    /// <summary>No colours.</summary>
    public static TerminalStyle Plain { get; } = new(colored: false);

    /// <summary>ANSI colours.</summary>
    public static TerminalStyle Colored { get; } = new(colored: true);

    /// <summary>The style for standard error.</summary>
    public static TerminalStyle ForError { get; } = For(Console.IsErrorRedirected);

    /// <summary>The style for standard output.</summary>
    public static TerminalStyle ForOutput { get; } = For(Console.IsOutputRedirected);

    /// <summary>
    /// Colours on a terminal only. NO_COLOR (not empty) turns them off, FORCE_COLOR (neither empty nor "0") on, also in a pipe
    /// (https://no-color.org, https://force-color.org); NO_COLOR wins.
    /// </summary>
    public static TerminalStyle For(bool redirected)
    {
        if (!string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")))
        {
            return Plain;
        }

        var force = Environment.GetEnvironmentVariable("FORCE_COLOR");
        if (!string.IsNullOrEmpty(force))
        {
            return force is "0" or "false" ? Plain : Colored;
        }

        return redirected || Environment.GetEnvironmentVariable("TERM") is null or "" or "dumb" ? Plain : Colored;
    }

    /// <summary>For errors and carets.</summary>
    public string Error(string text) => Wrap("1;31", text);

    /// <summary>For warnings.</summary>
    public string Warning(string text) => Wrap("1;33", text);

    /// <summary>For success.</summary>
    public string Good(string text) => Wrap("32", text);

    /// <summary>For file names.</summary>
    public string Place(string text) => Wrap("36", text);

    /// <summary>For labels such as "help:".</summary>
    public string Label(string text) => Wrap("1", text);

    /// <summary>For what may be overlooked.</summary>
    public string Faint(string text) => Wrap("2", text);

    private string Wrap(string code, string text) => _colored && text.Length > 0 ? $"\e[{code}m{text}\e[0m" : text;
}
