using System.CommandLine;

namespace Encore.Host.Commands;

/// <summary><c>encore-host db</c>: an application's databases.</summary>
internal static class DbCommand
{
    /// <summary>The command with its subcommands.</summary>
    public static Command Create() => new("db", "Shows, migrates and empties an application's databases.")
    {
        DbStatusCommand.Create(),
        DbMigrateCommand.Create(),
        DbResetCommand.Create(),
        DbUriCommand.Create(),
        DbShellCommand.Create(),
    };
}
