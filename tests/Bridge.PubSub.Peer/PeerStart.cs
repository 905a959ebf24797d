using Bridge.Core.PubSub;

namespace Bridge.PubSub.Peer;

/// <summary>The beginning of a process, whose broker may be away at that moment.</summary>
internal static class PeerStart
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Prepares a broker and opens its subscription, again after each failure that may pass, as whoever starts hosts does.</summary>
    public static async Task<IMessageSource> OpenAsync(IMessageBroker broker, BrokerSubscription subscription, Journal journal)
    {
        while (true)
        {
            try
            {
                var missing = await broker.PrepareAsync(provision: true, CancellationToken.None);
                if (missing.Count > 0)
                {
                    journal.Write("failed", "missing: " + string.Join(", ", missing));
                }

                return await broker.OpenAsync(subscription, CancellationToken.None);
            }
            catch (BrokerException error) when (error.IsTransient)
            {
                journal.Write("unprepared", error.Message);
                await Task.Delay(Pause);
            }
        }
    }
}
