using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bridge.Core.PubSub;
using Encore.Host.PubSub;

namespace Encore.Host.Commands;

/// <summary><c>encore-host pubsub dead show</c>: all that is known of one dead letter, as JSON.</summary>
internal static class PubSubDeadShowCommand
{
    // Letters are looked for among as many: ids come from a list, which is seldom longer.
    private const int Searched = 10_000;

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The command with its arguments.</summary>
    public static Command Create()
    {
        var subscription = PubSubTarget.One();
        var id = new Argument<string>("id") { Description = "The message, as `pubsub dead list` names it." };
        var (app, infrastructure) = (PubSubTarget.App(), PubSubTarget.Infrastructure());
        var command = new Command("show", "Prints one of them with its body, its attributes and the reason, as JSON.") { subscription, id, app, infrastructure };
        command.SetAction((parsed, cancellation) =>
        {
            var target = new PubSubTarget(parsed.GetValue(app)!, parsed.GetValue(subscription), parsed.GetValue(infrastructure));
            return target.RunForOneAsync(place => ShowAsync(place, parsed.GetValue(id)!, cancellation), cancellation);
        });
        return command;
    }

    private static async Task<int> ShowAsync(DeadLetterPlace place, string id, CancellationToken cancellation)
    {
        var letters = await place.Letters.ListAsync(Searched, cancellation);
        if (letters.FirstOrDefault(letter => string.Equals(letter.Id, id, StringComparison.Ordinal)) is not { } found)
        {
            Terminal.WriteError($"{place.Name} has no dead letter {id}", $"`encore-host pubsub dead list {place.Name}` shows those that it has");
            return ExitCodes.Usage;
        }

        Terminal.WriteResult(ToJson(found).ToJsonString(Indented));
        return ExitCodes.Ok;
    }

    private static JsonObject ToJson(DeadLetter letter) => new()
    {
        ["id"] = letter.Id,
        ["messageId"] = letter.MessageId,
        ["publishedAt"] = letter.PublishedAt is { } published ? Time(published) : null,
        ["diedAt"] = Time(letter.DiedAt),
        ["attempts"] = letter.Attempts,
        ["cause"] = DeadLetterText.NameOf(letter.Reason.Cause),
        ["reason"] = letter.Reason.Text,
        ["attributes"] = new JsonObject(letter.Attributes.Select(attribute => KeyValuePair.Create(attribute.Key, (JsonNode?)attribute.Value))),
        ["body"] = BodyOf(letter),
    };

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    // A body that isn't JSON is a reason to be here.
    private static JsonNode? BodyOf(DeadLetter letter)
    {
        try
        {
            return JsonNode.Parse(letter.Body.Span);
        }
        catch (JsonException)
        {
            return Encoding.UTF8.GetString(letter.Body.Span);
        }
    }
}
