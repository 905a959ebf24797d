using System.CommandLine;

namespace Encore.Host.Commands;

/// <summary><c>encore-host db uri</c>: what other programs connect by.</summary>
internal static class DbUriCommand
{
    /// <summary>The command with its arguments.</summary>
    public static Command Create()
    {
        var command = new Command("uri", "Prints the URI by which other programs connect to a database.");
        new DbArguments().AddTo(command, (target, _, cancellation) => target.RunForOneAsync(
            (session, database) =>
            {
                Terminal.WriteResult(database.Uri);
                if (!session.Databases.IsServedByOthers)
                {
                    Terminal.WriteHelp("the server runs while `encore-host run` or `encore-host db shell` does, then on the same port if it is free");
                }

                return Task.FromResult(ExitCodes.Ok);
            },
            cancellation));
        return command;
    }
}
