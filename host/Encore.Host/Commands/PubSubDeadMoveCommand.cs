using System.CommandLine;
using System.Globalization;
using Bridge.Core.PubSub;

namespace Encore.Host.Commands;

/// <summary><c>encore-host pubsub dead replay</c> and <c>purge</c>: gives dead letters to their subscription again, or deletes them.</summary>
internal static class PubSubDeadMoveCommand
{
    /// <summary><c>replay</c> with its arguments.</summary>
    public static Command CreateReplay() => Create(
        "replay",
        "Gives them to the subscription again; their attempts begin anew.",
        "replayed",
        static (letters, ids, cancellation) => letters.ReplayAsync(ids, cancellation));

    /// <summary><c>purge</c> with its arguments.</summary>
    public static Command CreatePurge() => Create(
        "purge",
        "Deletes them.",
        "deleted",
        static (letters, ids, cancellation) => letters.PurgeAsync(ids, cancellation));

    private static Command Create(
        string name, string description, string done, Func<IDeadLetters, IReadOnlyCollection<string>?, CancellationToken, Task<long>> move)
    {
        var subscription = PubSubTarget.One();
        var ids = new Argument<string[]>("ids") { Description = "The messages, as `pubsub dead list` names them.", Arity = ArgumentArity.ZeroOrMore };
        var all = new Option<bool>("--all") { Description = "All that there are." };
        var (app, infrastructure) = (PubSubTarget.App(), PubSubTarget.Infrastructure());
        var command = new Command(name, description) { subscription, ids, all, app, infrastructure };
        command.SetAction((parsed, cancellation) =>
        {
            var chosen = parsed.GetValue(ids) ?? [];
            if (chosen.Length == 0 != parsed.GetValue(all))
            {
                Terminal.WriteError("name the messages, or say --all", help: null);
                return Task.FromResult(ExitCodes.Usage);
            }

            var target = new PubSubTarget(parsed.GetValue(app)!, parsed.GetValue(subscription), parsed.GetValue(infrastructure));
            return target.RunForOneAsync(
                async place =>
                {
                    var count = await move(place.Letters, parsed.GetValue(all) ? null : chosen, cancellation);
                    Terminal.WriteResult(string.Create(CultureInfo.InvariantCulture, $"{place.Name}  {count} {done}"));
                    return count == 0 && chosen.Length > 0 ? ExitCodes.Usage : ExitCodes.Ok;
                },
                cancellation);
        });
        return command;
    }
}
