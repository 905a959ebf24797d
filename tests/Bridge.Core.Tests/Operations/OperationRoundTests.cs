using Bridge.Core.Operations;
using Xunit;

namespace Bridge.Core.Tests.Operations;

/// <summary>What is done once for all that a round brought.</summary>
public sealed class OperationRoundTests
{
    [Fact]
    public void End_DoesOnceWhatWasDeferred_InOrder()
    {
        List<string> done = [];
        var (first, second) = (new Recorded("first", done), new Recorded("second", done));

        OperationRound.Begin();
        Assert.True(OperationRound.TryDefer(first));
        Assert.True(OperationRound.TryDefer(second));
        Assert.True(OperationRound.TryDefer(first));
        Assert.Empty(done);
        OperationRound.End();

        Assert.Equal(["first", "second"], done);
    }

    [Fact]
    public void Round_WithinARound_EndsWithThat()
    {
        List<string> done = [];
        OperationRound.Begin();
        OperationRound.Begin();
        Assert.True(OperationRound.TryDefer(new Recorded("x", done)));
        OperationRound.End();

        Assert.Empty(done);
        Assert.True(OperationRound.TryDefer(new Recorded("y", done)));
        OperationRound.End();

        Assert.Equal(["x", "y"], done);
        Assert.False(OperationRound.TryDefer(new Recorded("z", done)));
    }

    [Fact]
    public void End_OfSomethingThatHasRoundsItself_DoesAllThatIsLeftToIt()
    {
        List<string> done = [];
        Nested nested = new(done);
        OperationRound.Begin();
        Assert.True(OperationRound.TryDefer(nested));
        Assert.True(OperationRound.TryDefer(new Recorded("last", done)));
        OperationRound.End();

        Assert.Equal(["nested", "last", "inner", "nested", "inner"], done);
        Assert.False(OperationRound.TryDefer(nested));
    }

    [Fact]
    public void End_OfSomethingThatThrows_EndsTheRound()
    {
        OperationRound.Begin();
        OperationRound.TryDefer(new Throwing());

        Assert.Throws<InvalidOperationException>(OperationRound.End);
        Assert.False(OperationRound.TryDefer(new Throwing()));
    }

    [Fact]
    public void TryDefer_OutsideOfARound_LeavesItToTheCaller()
    {
        List<string> done = [];
        OperationRound.Begin();
        OperationRound.End();

        Assert.False(OperationRound.TryDefer(new Recorded("x", done)));
        Assert.Empty(done);
    }

    [Fact]
    public async Task Round_OfOneThread_IsNotThatOfAnother()
    {
        OperationRound.Begin();
        var others = Task.Factory.StartNew(
            () => OperationRound.TryDefer(new Recorded("x", [])), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        OperationRound.End();

        Assert.False(await others);
    }

    /// <summary>Leaves something to a round of its own, and the first time itself.</summary>
    private sealed class Nested(List<string> done) : IRoundEnd
    {
        public void EndRound()
        {
            var isFirst = !done.Contains("nested");
            done.Add("nested");
            OperationRound.Begin();
            OperationRound.TryDefer(new Recorded("inner", done));
            if (isFirst)
            {
                OperationRound.TryDefer(this);
            }

            OperationRound.End();
        }
    }

    private sealed class Throwing : IRoundEnd
    {
        public void EndRound() => throw new InvalidOperationException();
    }

    private sealed class Recorded(string name, List<string> done) : IRoundEnd
    {
        public void EndRound() => done.Add(name);
    }
}
