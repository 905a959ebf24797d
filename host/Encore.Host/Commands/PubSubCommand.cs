using System.CommandLine;

namespace Encore.Host.Commands;

/// <summary><c>encore-host pubsub</c>: an application's messages.</summary>
internal static class PubSubCommand
{
    /// <summary>The command with its subcommands.</summary>
    public static Command Create() => new("pubsub", "Shows and replays messages that an application's subscriptions gave up.")
    {
        new Command("dead", "Messages that weren't handled within their retries, or aren't what their topic's type says.")
        {
            PubSubDeadListCommand.Create(),
            PubSubDeadShowCommand.Create(),
            PubSubDeadMoveCommand.CreateReplay(),
            PubSubDeadMoveCommand.CreatePurge(),
        },
    };
}
