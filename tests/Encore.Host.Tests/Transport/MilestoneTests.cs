using Encore.Host.Transport;

namespace Encore.Host.Tests.Transport;

public sealed class MilestoneTests
{
    private Milestone _milestone;

    [Fact]
    public void Reach_FirstAndSecondTime_IsNewsOnce()
    {
        Assert.False(_milestone.IsReached);
        Assert.True(_milestone.Reach());
        Assert.False(_milestone.Reach());
        Assert.True(_milestone.IsReached);
    }

    [Fact]
    public async Task WaitAsync_BeforeItHappens_IsDoneWhenItDoes()
    {
        var first = _milestone.WaitAsync();
        var second = _milestone.WaitAsync();
        Assert.False(first.IsCompleted);
        Assert.False(_milestone.IsReached);

        Assert.True(_milestone.Reach());

        await Task.WhenAll(first, second);
    }

    [Fact]
    public void WaitAsync_AfterItHappened_IsDone()
    {
        _milestone.Reach();
        Assert.True(_milestone.WaitAsync().IsCompletedSuccessfully);
    }
}
