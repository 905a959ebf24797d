using Bridge.RabbitMq.Connections;

namespace Bridge.PubSub.Tests.RabbitMq;

public sealed class ConfirmationsTests
{
    private readonly Confirmations _confirmations = new();

    [Fact]
    public async Task WordOfAllBefore_EndsThose_AndNoOther()
    {
        var batch = Sent(1, 4);

        _confirmations.Hear(2, isOfAllBefore: false, refusal: null);
        _confirmations.Hear(3, isOfAllBefore: true, Refusal);

        Assert.False(batch.WhenEndedAsync().IsCompleted);
        _confirmations.Hear(4, isOfAllBefore: true, refusal: null);
        await batch.WhenEndedAsync();
        Assert.Equal(["1 refused", "", "3 refused", ""], Texts(batch));
    }

    [Fact]
    public async Task WordOfAllBefore_ReachesOverBatches()
    {
        var (one, two) = (Sent(1, 2), Sent(3, 2));

        _confirmations.Hear(3, isOfAllBefore: true, refusal: null);

        await one.WhenEndedAsync();
        Assert.False(two.WhenEndedAsync().IsCompleted);
        _confirmations.Hear(4, isOfAllBefore: false, Refusal);
        await two.WhenEndedAsync();
        Assert.Equal(["", "4 refused"], Texts(two));
    }

    [Fact]
    public async Task ReturnedMessage_IsConfirmedAfterwards_StaysReturned()
    {
        var batch = Sent(1, 2);

        _confirmations.Hear(2, isOfAllBefore: false, Refusal);
        _confirmations.Hear(2, isOfAllBefore: true, refusal: null);

        await batch.WhenEndedAsync();
        Assert.Equal(["", "2 refused"], Texts(batch));
    }

    [Fact]
    public async Task MessageThatWasNotSent_LeavesItsNumberToTheNext()
    {
        var (one, two) = (new PublicationBatch(1), new PublicationBatch(1));
        Assert.Null(_confirmations.Await(1, one, 0));
        _confirmations.Remove(1);

        Assert.Null(_confirmations.Await(1, two, 0));
        _confirmations.Hear(1, isOfAllBefore: true, refusal: null);

        await two.WhenEndedAsync();
        Assert.False(one.WhenEndedAsync().IsCompleted);
    }

    [Fact]
    public async Task ChannelIsGone_EndsWhatIsOpen_AndWhatComesLater()
    {
        var batch = Sent(1, 3);
        _confirmations.Hear(2, isOfAllBefore: false, refusal: null);
        var gone = new IOException("gone");

        _confirmations.EndAll(gone);

        await batch.WhenEndedAsync();
        Assert.Equal(["gone", "", "gone"], Texts(batch));
        Assert.Same(gone, _confirmations.Await(4, new PublicationBatch(1), 0));
        Assert.Same(gone, _confirmations.Ending);
    }

    [Fact]
    public async Task WaitIsOver_EndsWhatIsOpen_AndLaterWordsDoNotCount()
    {
        var batch = Sent(1, 3);
        _confirmations.Hear(1, isOfAllBefore: false, refusal: null);

        batch.EndFrom(0, new TimeoutException("late"));
        _confirmations.Hear(3, isOfAllBefore: true, refusal: null);

        await batch.WhenEndedAsync();
        Assert.Equal(["", "late", "late"], Texts(batch));
    }

    [Fact]
    public async Task BatchOfNone_HasEnded() => await new PublicationBatch(0).WhenEndedAsync();

    private static InvalidOperationException Refusal(ulong number) => new($"{number} refused");

    private static string[] Texts(PublicationBatch batch) => [.. batch.Errors().Select(error => error?.Message ?? "")];

    private PublicationBatch Sent(ulong first, int count)
    {
        var batch = new PublicationBatch(count);
        for (var index = 0; index < count; index++)
        {
            Assert.Null(_confirmations.Await(first + (ulong)index, batch, index));
        }

        return batch;
    }
}
