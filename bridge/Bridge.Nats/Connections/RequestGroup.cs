using Bridge.Nats.Protocol;

namespace Bridge.Nats.Connections;

/// <summary>Requests that somebody waits for together: a task for each would cost more than the rest of it. Thread: any.</summary>
/// <param name="count">How many there are.</param>
internal sealed class RequestGroup(int count)
{
    private readonly NatsMessage[] _answers = new NatsMessage[count];
    private readonly Exception?[] _errors = new Exception?[count];
    private readonly long[] _numbers = new long[count];
    private readonly TaskCompletionSource _answered = new();
    private int _open = count;

    /// <summary>Done once each has its answer or its error.</summary>
    internal Task AnsweredAsync => _answered.Task;

    /// <summary>The numbers of those that were sent; 0 for the others.</summary>
    internal ReadOnlySpan<long> Numbers => _numbers;

    /// <summary>The answer of one; its default where there is an error.</summary>
    internal ref readonly NatsMessage Answer(int index) => ref _answers[index];

    /// <summary>What went wrong with one; null where it has its answer.</summary>
    internal Exception? Error(int index) => _errors[index];

    /// <summary>A member that is about to be sent.</summary>
    internal PendingRequest Member(int index, ReadOnlyMemory<byte> subject) => new GroupedRequest(this, index, subject);

    /// <summary>One was sent.</summary>
    internal void SetNumber(int index, long number) => _numbers[index] = number;

    /// <summary>One wasn't sent, or has ended without an answer.</summary>
    internal void Fail(int index, Exception error)
    {
        _errors[index] = error;
        End();
    }

    private void End()
    {
        if (Interlocked.Decrement(ref _open) == 0)
        {
            _answered.TrySetResult();
        }
    }

    private sealed class GroupedRequest(RequestGroup group, int index, ReadOnlyMemory<byte> subject) : PendingRequest(subject)
    {
        protected override void Succeed(in NatsMessage answer)
        {
            group._answers[index] = answer;
            group.End();
        }

        protected override void Fail(Exception error) => group.Fail(index, error);
    }
}
