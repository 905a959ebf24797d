using System.Globalization;
using Amazon.Runtime;
using Amazon.SQS.Model;
using Bridge.Core.PubSub;

namespace Bridge.Sqs.Queues;

/// <summary>One queue: receiving, deleting, hiding and sending, the latter three in batches. Thread: any.</summary>
internal sealed class SqsQueue
{
    /// <summary>How long SQS hides a message at most, from when it was received.</summary>
    public static readonly TimeSpan MaxVisibility = TimeSpan.FromHours(12);

    /// <summary>How many messages SQS gives or takes with one request.</summary>
    public const int MaxEntries = 10;

    // Enough to go round while the others wait for their answers.
    private const int MaxRequests = 8;

    private static readonly List<string> AllAttributes = ["All"];

    private readonly AwsConnection _connection;
    private readonly RequestBatcher<string> _deletes;
    private readonly RequestBatcher<(string Receipt, int Seconds)> _visibility;

    public SqsQueue(AwsConnection connection, string url)
    {
        _connection = connection;
        Url = url;
        Name = AwsName.Parse(url).Name;
        IsFifo = Name.EndsWith(AwsName.FifoSuffix, StringComparison.Ordinal);
        _deletes = new RequestBatcher<string>(MaxEntries, MaxRequests, receipts => SettleAsync(() => DeleteBatchAsync(receipts), receipts.Count));
        _visibility = new RequestBatcher<(string Receipt, int Seconds)>(MaxEntries, MaxRequests, entries => SettleAsync(() => HideBatchAsync(entries), entries.Count));
    }

    /// <summary>Its URL.</summary>
    public string Url { get; }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Whether it keeps order and knows duplicates.</summary>
    public bool IsFifo { get; }

    /// <summary>Receptions of its messages that were no attempts.</summary>
    public ReleaseCounts Releases { get; } = new();

    /// <summary>The clock.</summary>
    public TimeProvider Time => _connection.Time;

    /// <summary>Whole seconds that are no shorter.</summary>
    public static int Seconds(TimeSpan time) => (int)Math.Ceiling(Math.Clamp(time.TotalSeconds, 0, MaxVisibility.TotalSeconds));

    /// <summary>Asks once for messages.</summary>
    /// <param name="max">From 1 to 10.</param>
    /// <param name="visibility">How long they are hidden from others.</param>
    /// <param name="wait">How long to wait for the first.</param>
    /// <param name="requestId">Of a FIFO queue: a repeated request of the same id gets the same messages. Null for none.</param>
    /// <param name="cancellation">Ends the request; messages under way come again once their visibility is over.</param>
    /// <exception cref="BrokerException">SQS can't be reached, or refuses.</exception>
    public async Task<IReadOnlyList<Message>> ReceiveAsync(int max, TimeSpan visibility, TimeSpan wait, string? requestId, CancellationToken cancellation)
    {
        var request = new ReceiveMessageRequest
        {
            QueueUrl = Url,
            MaxNumberOfMessages = max,
            VisibilityTimeout = Seconds(visibility),
            WaitTimeSeconds = Seconds(wait),
            MessageSystemAttributeNames = AllAttributes,
            MessageAttributeNames = AllAttributes,
            ReceiveRequestAttemptId = IsFifo ? requestId : null,
        };
        var response = await CallAsync($"receiving from SQS queue {Name}", () => _connection.Sqs.ReceiveMessageAsync(request, cancellation), cancellation);

        // No list at all where there are none.
        return response.Messages ?? [];
    }

    /// <summary>Deletes a message that was received; in a batch with others, and again until SQS has taken note.</summary>
    public Task DeleteAsync(string receipt, CancellationToken cancellation) => _deletes.AddAsync(receipt, cancellation);

    /// <summary>Hides a message that was received for a time from now, or shows it at once; in a batch with others, and again until SQS has taken note.</summary>
    public Task HideAsync(string receipt, TimeSpan time, CancellationToken cancellation) => _visibility.AddAsync((receipt, Seconds(time)), cancellation);

    /// <summary>Puts a message into the queue itself; again until SQS has it.</summary>
    public async Task SendAsync(SendMessageRequest request, CancellationToken cancellation)
    {
        request.QueueUrl = Url;
        await RepeatAsync($"sending to SQS queue {Name}", () => _connection.Sqs.SendMessageAsync(request, cancellation), cancellation);
    }

    /// <summary>About how many messages it holds, those that are hidden among them.</summary>
    public async Task<long> CountAsync(CancellationToken cancellation)
    {
        var request = new GetQueueAttributesRequest
        {
            QueueUrl = Url,
            AttributeNames = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed"],
        };
        var response = await RepeatAsync($"looking at SQS queue {Name}", () => _connection.Sqs.GetQueueAttributesAsync(request, cancellation), cancellation);
        return (response.Attributes ?? []).Values.Sum(count => long.Parse(count, CultureInfo.InvariantCulture));
    }

    private Task<T> RepeatAsync<T>(string what, Func<Task<T>> call, CancellationToken cancellation) =>
        Persistence.RunAsync(() => CallAsync(what, call, cancellation), error => error.IsTransient, Time, cancellation);

    private static async Task<T> CallAsync<T>(string what, Func<Task<T>> call, CancellationToken cancellation)
    {
        try
        {
            return await call();
        }
        catch (Exception error) when (IsOfTheCall(error, cancellation))
        {
            throw AwsFailures.Translate(what, error);
        }
    }

    private static bool IsOfTheCall(Exception error, CancellationToken cancellation) =>
        error is AmazonServiceException or AmazonClientException or HttpRequestException or IOException or TimeoutException
        || (error is OperationCanceledException && !cancellation.IsCancellationRequested);

    private static async Task<Exception?[]> SettleAsync(Func<Task<Exception?[]>> send, int count)
    {
        try
        {
            return await send();
        }
        catch (Exception error)
        {
            // Justification: the root of a batch's flow. Everybody who waits for it learns of it.
            var failures = new Exception?[count];
            Array.Fill(failures, error);
            return failures;
        }
    }

    private async Task<Exception?[]> DeleteBatchAsync(IReadOnlyList<string> receipts)
    {
        var what = $"deleting from SQS queue {Name}";
        var request = new DeleteMessageBatchRequest
        {
            QueueUrl = Url,
            Entries = [.. receipts.Select((receipt, index) => new DeleteMessageBatchRequestEntry { Id = IdOf(index), ReceiptHandle = receipt })],
        };
        var response = await RepeatAsync(what, () => _connection.Sqs.DeleteMessageBatchAsync(request), CancellationToken.None);
        return FailuresOf(response.Failed, receipts.Count, what);
    }

    private async Task<Exception?[]> HideBatchAsync(IReadOnlyList<(string Receipt, int Seconds)> entries)
    {
        var what = $"changing the visibility of a message of SQS queue {Name}";
        var request = new ChangeMessageVisibilityBatchRequest
        {
            QueueUrl = Url,
            Entries =
            [
                .. entries.Select((entry, index) => new ChangeMessageVisibilityBatchRequestEntry
                {
                    Id = IdOf(index), ReceiptHandle = entry.Receipt, VisibilityTimeout = entry.Seconds,
                }),
            ],
        };
        var response = await RepeatAsync(what, () => _connection.Sqs.ChangeMessageVisibilityBatchAsync(request), CancellationToken.None);
        return FailuresOf(response.Failed, entries.Count, what);
    }

    private static string IdOf(int index) => index.ToString(CultureInfo.InvariantCulture);

    private static Exception?[] FailuresOf(List<BatchResultErrorEntry>? failed, int count, string what)
    {
        var failures = new Exception?[count];
        foreach (var entry in failed ?? [])
        {
            failures[int.Parse(entry.Id, CultureInfo.InvariantCulture)] =
                new BrokerException($"{what}: {entry.Code}: {entry.Message}", isTransient: entry.SenderFault != true);
        }

        return failures;
    }
}
