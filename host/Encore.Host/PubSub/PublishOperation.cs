using System.Runtime.CompilerServices;
using System.Text.Json;
using Bridge.Core.Operations;
using Bridge.Core.PubSub;

namespace Encore.Host.PubSub;

/// <summary>What <c>topic.publish(…)</c> asks of the host: <c>[topic, message, trace, deliverAt]</c>. Thread: any.</summary>
/// <param name="topics">The application's topics.</param>
internal sealed class PublishOperation(PublishTargets topics) : IOperationHandler
{
    /// <summary>The operation's kind.</summary>
    public const string Kind = "pubsub.publish";

    /// <inheritdoc/>
    /// <remarks>What a broker has been given can't be taken back.</remarks>
    public bool CanBeCancelled => false;

    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<OperationOutcome> RunAsync(JsonElement payload, byte[]? bytes, CancellationToken cancellation)
    {
        var target = topics.Find(payload[0]);
        var message = target.Encode(payload);
        try
        {
            return new OperationOutcome(JsonSerializer.Serialize(await target.Writer.PublishAsync(message)));
        }
        catch (BrokerException error)
        {
            var help = error.Help.Length > 0 ? $" ({error.Help})" : "";
            throw new OperationException(
                PublishTargets.ErrorName, $"publishing to {target.Name} failed: {error.Message}{help}", error.IsTransient ? "EAGAIN" : null, error);
        }
    }
}
