using System.CommandLine;
using System.Globalization;
using System.Text;
using Bridge.Core.PubSub;
using Encore.Host.PubSub;

namespace Encore.Host.Commands;

/// <summary><c>encore-host pubsub dead list</c>: the messages that subscriptions gave up, one line each.</summary>
internal static class PubSubDeadListCommand
{
    private const int DefaultMax = 20;
    private const int LongestReason = 120;

    /// <summary>The command with its arguments.</summary>
    public static Command Create()
    {
        var subscription = new Argument<string?>("subscription")
        {
            Description = "A topic, or one of its subscriptions. [default: all]",
            HelpName = "topic[/subscription]",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var max = new Option<string>("--max")
        {
            Description = "How many of each subscription's are shown.",
            HelpName = "number",
            DefaultValueFactory = _ => DefaultMax.ToString(CultureInfo.InvariantCulture),
        };
        var (app, infrastructure) = (PubSubTarget.App(), PubSubTarget.Infrastructure());
        var command = new Command("list", "Lists them, oldest first, with the reason of each.") { subscription, max, app, infrastructure };
        command.SetAction((parsed, cancellation) =>
        {
            if (!int.TryParse(parsed.GetValue(max), NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count == 0)
            {
                Terminal.WriteError($"--max: '{parsed.GetValue(max)}' is not a number from 1 on", help: null);
                return Task.FromResult(ExitCodes.Usage);
            }

            var target = new PubSubTarget(parsed.GetValue(app)!, parsed.GetValue(subscription), parsed.GetValue(infrastructure));
            return target.RunAsync(places => ListAsync(places, count, cancellation), cancellation);
        });
        return command;
    }

    private static async Task<int> ListAsync(IReadOnlyList<DeadLetterPlace> places, int max, CancellationToken cancellation)
    {
        foreach (var place in places)
        {
            var count = await place.Letters.CountAsync(cancellation);
            Terminal.WriteResult(string.Create(CultureInfo.InvariantCulture, $"{place.Name}  {count} dead"));
            if (count == 0)
            {
                continue;
            }

            var letters = await place.Letters.ListAsync(max, cancellation);
            foreach (var letter in letters)
            {
                Terminal.WriteResult("  " + Describe(letter));
            }

            if (count > letters.Count)
            {
                Terminal.WriteResult(string.Create(CultureInfo.InvariantCulture, $"  … and {count - letters.Count} more: --max {count}"));
            }
        }

        return ExitCodes.Ok;
    }

    private static string Describe(DeadLetter letter)
    {
        var died = letter.DiedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        return $"{letter.Id}  {died}  {Terminal.Count(letter.Attempts, "attempt")}  {DeadLetterText.NameOf(letter.Reason.Cause)}: {FirstLine(letter.Reason.Text)}";
    }

    private static string FirstLine(string text)
    {
        var line = new StringBuilder(text.Split('\n')[0].TrimEnd());
        if (line.Length > LongestReason)
        {
            line.Length = LongestReason - 1;
            line.Append('…');
        }

        return line.ToString();
    }
}
