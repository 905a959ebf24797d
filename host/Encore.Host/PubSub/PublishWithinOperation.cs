using System.Text.Json;
using Bridge.Core.Operations;
using Bridge.Core.PubSub;
using Bridge.Postgres.Queries;

namespace Encore.Host.PubSub;

/// <summary>
/// What <c>topic.publish(…, { transaction })</c> asks of the host: <c>[topic, message, trace, deliverAt, session, place]</c>. Thread: any.
/// </summary>
/// <param name="topics">The application's topics.</param>
/// <param name="sql">Keeps the messages of transactions.</param>
internal sealed class PublishWithinOperation(PublishTargets topics, SqlOperations sql) : IOperationHandler
{
    /// <summary>The operation's kind.</summary>
    public const string Kind = "pubsub.publish-within";

    /// <inheritdoc/>
    /// <remarks>The transaction's other statements wait for this one's turn, whatever becomes of the message.</remarks>
    public async ValueTask<OperationOutcome> RunAsync(JsonElement payload, byte[]? bytes, CancellationToken cancellation)
    {
        var (session, place) = (payload[4].GetInt32(), payload[5].GetInt32());
        PublishTarget target;
        OutgoingMessage message;
        try
        {
            target = topics.Find(payload[0]);
            message = target.Encode(payload);
        }
        catch (OperationException)
        {
            await sql.PassTurnAsync(session, place);
            throw;
        }

        return new OperationOutcome(JsonSerializer.Serialize(await sql.InsertIntoOutboxAsync(session, place, target.Name, message, cancellation)));
    }
}
