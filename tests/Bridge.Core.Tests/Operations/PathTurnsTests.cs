using System.Diagnostics;
using Bridge.Core.Operations.Files;
using Xunit;

namespace Bridge.Core.Tests.Operations;

/// <summary>What many write to one file at a time.</summary>
public sealed class PathTurnsTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _folder = Directory.CreateTempSubdirectory("path-turns-").FullName;

    [Fact]
    public async Task Run_SamePath_OneAfterTheOther()
    {
        var turns = new PathTurns();
        using var release = new ManualResetEventSlim();
        var (inside, most) = (0, 0);
        int Work()
        {
            var count = Interlocked.Increment(ref inside);
            InterlockedMax(ref most, count);
            release.Wait(Patience);
            return Interlocked.Decrement(ref inside);
        }

        var both = new[] { Start(() => turns.Run("a", Work)), Start(() => turns.Run("a", Work)) };
        await Start(() => turns.Run("b", () => 0)).WaitAsync(Patience);
        await Task.Delay(TimeSpan.FromMilliseconds(100));
        release.Set();
        await Task.WhenAll(both).WaitAsync(Patience);

        Assert.Equal(1, most);
    }

    [Fact]
    public async Task AppendFile_ToAPipeThatNobodyReads_HoldsNoOtherFileUp()
    {
        var (pipe, file) = (Path.Combine(_folder, "pipe"), Path.Combine(_folder, "file"));
        using (var made = Process.Start("mkfifo", [pipe]))
        {
            await made.WaitForExitAsync();
            Assert.Equal(0, made.ExitCode);
        }

        var waiting = Start(() => Append(pipe, 1));
        await Task.Delay(TimeSpan.FromMilliseconds(100));
        await Start(() => Append(file, 2)).WaitAsync(Patience);

        Assert.Equal([2], await File.ReadAllBytesAsync(file));
        Assert.False(waiting.IsCompleted);
        await using var reader = new FileStream(pipe, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        Assert.Equal(1, reader.ReadByte());
        await waiting.WaitAsync(Patience);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static int Append(string path, byte value)
    {
        FileSystemOperations.Run(new FileRequest("appendFile", path, "", Flag: false, [value]));
        return 0;
    }

    private static Task<int> Start(Func<int> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static void InterlockedMax(ref int target, int value)
    {
        for (var known = Volatile.Read(ref target); value > known;)
        {
            var found = Interlocked.CompareExchange(ref target, value, known);
            if (found == known)
            {
                return;
            }

            known = found;
        }
    }
}
