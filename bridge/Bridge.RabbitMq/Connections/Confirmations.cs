namespace Bridge.RabbitMq.Connections;

/// <summary>The messages of a channel that the server has said nothing of yet, by their numbers. Thread: any.</summary>
/// <remarks>The server counts a channel's messages from 1, and speaks of one, or of all up to one.</remarks>
internal sealed class Confirmations
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ulong, (PublicationBatch Batch, int Index)> _open = [];

    // Invariant: all below have been spoken of.
    private ulong _lowest = 1;
    private Exception? _ending;

    /// <summary>Why nothing more is said; null where more may be.</summary>
    internal Exception? Ending
    {
        get
        {
            lock (_lock)
            {
                return _ending;
            }
        }
    }

    /// <summary>Awaits word of a message that is about to be sent.</summary>
    /// <returns>Why there will be none; null where it can come.</returns>
    internal Exception? Await(ulong number, PublicationBatch batch, int index)
    {
        lock (_lock)
        {
            if (_ending is null)
            {
                _open.Add(number, (batch, index));
            }

            return _ending;
        }
    }

    /// <summary>Awaits no word of a message: it wasn't sent, and its number goes to the next one.</summary>
    internal void Remove(ulong number)
    {
        lock (_lock)
        {
            _open.Remove(number);
        }
    }

    /// <summary>The server has spoken.</summary>
    /// <param name="number">Of which message.</param>
    /// <param name="isOfAllBefore">And of all before it that it hadn't spoken of.</param>
    /// <param name="refusal">Why it doesn't take a message; null where it has it.</param>
    internal void Hear(ulong number, bool isOfAllBefore, Func<ulong, Exception>? refusal)
    {
        lock (_lock)
        {
            if (!isOfAllBefore)
            {
                End(number, refusal);
                return;
            }

            for (; _lowest <= number; _lowest++)
            {
                End(_lowest, refusal);
            }
        }
    }

    /// <summary>The channel is gone: nothing more is said.</summary>
    internal void EndAll(Exception error)
    {
        lock (_lock)
        {
            _ending = error;
            foreach (var (batch, index) in _open.Values)
            {
                batch.End(index, error);
            }

            _open.Clear();
        }
    }

    private void End(ulong number, Func<ulong, Exception>? refusal)
    {
        if (_open.Remove(number, out var message))
        {
            message.Batch.End(message.Index, refusal?.Invoke(number));
        }
    }
}
