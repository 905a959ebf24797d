using Bridge.RabbitMq.Receiving;

namespace Bridge.PubSub.Tests.RabbitMq;

public sealed class OutstandingTagsTests
{
    [Fact]
    public void Acknowledge_InOrder_IsOneWord()
    {
        var tags = Brought(5);

        Assert.Equal("up to 3, singly ", Said(tags.Acknowledge(new ulong[] { 2, 1, 3 })));
        Assert.Equal("up to 5, singly ", Said(tags.Acknowledge(new ulong[] { 4, 5 })));
    }

    [Fact]
    public void Acknowledge_BehindOneInWork_SpeaksOfThatOneNot()
    {
        var tags = Brought(6);

        Assert.Equal("up to 1, singly 3, 5", Said(tags.Acknowledge(new ulong[] { 5, 1, 3 })));
        Assert.Equal("up to 2, singly ", Said(tags.Acknowledge(new ulong[] { 2 })));
        Assert.Equal("up to 0, singly 6", Said(tags.Acknowledge(new ulong[] { 6 })));
        Assert.Equal("up to 4, singly ", Said(tags.Acknowledge(new ulong[] { 4 })));
    }

    [Fact]
    public void Acknowledge_BehindOneThatWasNotHandedOn_SpeaksOfThatOneNot()
    {
        var tags = new OutstandingTags();
        tags.Add(1);
        tags.Add(3);

        Assert.Equal(3, tags.Count);
        Assert.Equal("up to 1, singly 3", Said(tags.Acknowledge(new ulong[] { 3, 1 })));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void AnyOrder_ServerHearsOfWhatWasHandled_AndOfNothingElse(int seed)
    {
#pragma warning disable CA5394 // Justification: a test's choices, the same each time.
        var random = new Random(seed);
        var tags = new OutstandingTags();
        var server = new List<ulong>();
        var inWork = new List<ulong>();
        var brought = 0ul;
        for (var step = 0; step < 5000; step++)
        {
            for (var coming = random.Next(inWork.Count < 200 ? 8 : 1); coming > 0; coming--)
            {
                tags.Add(++brought);
                server.Add(brought);
                inWork.Add(brought);
            }

            var handled = inWork.Where(_ => random.Next(4) == 0).OrderBy(_ => random.Next()).ToArray();
            inWork.RemoveAll(handled.Contains);
            if (handled is [var alone] && random.Next(2) == 0)
            {
                tags.Remove(alone);
                Assert.True(server.Remove(alone));
            }
            else if (handled.Length > 0)
            {
                Hear(server, tags.Acknowledge(handled));
            }

            Assert.Equal(inWork, server);
            Assert.Equal(inWork.Count, tags.Count);
        }
#pragma warning restore CA5394
    }

    // As a server does: a name that it doesn't know ends the channel.
    private static void Hear(List<ulong> server, Acknowledgement said)
    {
        if (said.UpTo > 0)
        {
            Assert.Contains(said.UpTo, server);
            server.RemoveAll(tag => tag <= said.UpTo);
        }

        foreach (var tag in said.Singly.Span)
        {
            Assert.True(server.Remove(tag));
        }
    }

    private static OutstandingTags Brought(ulong count)
    {
        var tags = new OutstandingTags();
        for (var tag = 1ul; tag <= count; tag++)
        {
            tags.Add(tag);
        }

        return tags;
    }

    private static string Said(Acknowledgement acknowledgement) => $"up to {acknowledgement.UpTo}, singly {string.Join(", ", acknowledgement.Singly.ToArray())}";
}
