using Bridge.Core.PubSub;
using Xunit;

namespace Bridge.Core.Tests.PubSub;

public sealed class RetryPolicyTests
{
    private static readonly RetryPolicy Policy = new(TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(10), 100);

    [Theory]
    [InlineData(1, 10)]
    [InlineData(2, 20)]
    [InlineData(3, 40)]
    [InlineData(6, 320)]
    [InlineData(7, 600)]
    [InlineData(100, 600)]
    public void DelayAfter_Attempt_DoublesUpToTheLongest(int attempt, int seconds)
    {
        Assert.Equal(TimeSpan.FromSeconds(seconds / 2.0), Policy.DelayAfter(attempt, chance: 0));
        Assert.InRange(Policy.DelayAfter(attempt, chance: 0.999999)!.Value.TotalSeconds, seconds * 0.99, seconds);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(3, 4)]
    [InlineData(100, 101)]
    public void DelayAfter_RetriesSpent_Ends(int maxRetries, int attempt)
    {
        var policy = Policy with { MaxRetries = maxRetries };

        Assert.Null(policy.DelayAfter(attempt, chance: 0));
        Assert.True(attempt == 1 || policy.DelayAfter(attempt - 1, chance: 0) is not null);
    }

    [Fact]
    public void DelayAfter_Unlimited_NeverEndsOrOverflows() =>
        Assert.Equal(TimeSpan.FromMinutes(5), (Policy with { MaxRetries = RetryPolicy.Unlimited }).DelayAfter(int.MaxValue, chance: 0));

    [Fact]
    public void DelayAfter_NoBackoff_IsNone() =>
        Assert.Equal(TimeSpan.Zero, new RetryPolicy(TimeSpan.Zero, TimeSpan.Zero, 5).DelayAfter(3, chance: 0.5));

    [Fact]
    public void DelayAfter_MinAboveMax_IsMax() =>
        Assert.Equal(TimeSpan.FromSeconds(1), new RetryPolicy(TimeSpan.FromHours(1), TimeSpan.FromSeconds(2), 5).DelayAfter(1, chance: 0));
}
