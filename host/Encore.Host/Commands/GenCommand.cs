using System.CommandLine;

namespace Encore.Host.Commands;

/// <summary><c>encore-host gen</c>: writes what others need to know of an application, in their languages.</summary>
internal static class GenCommand
{
    /// <summary>The command with its subcommands.</summary>
    public static Command Create() => new("gen", "Writes descriptions of an application for other programs.") { GenOpenApiCommand.Create(), GenClientCommand.Create(), GenClientsCommand.Create() };
}
