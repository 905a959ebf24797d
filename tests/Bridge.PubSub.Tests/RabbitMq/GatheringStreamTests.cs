using System.Net;
using System.Net.Sockets;
using Bridge.PubSub.Tests.Contract;
using Bridge.RabbitMq.Connections;

namespace Bridge.PubSub.Tests.RabbitMq;

public sealed class GatheringStreamTests
{
    [Fact]
    public async Task ManyWrites_ArriveInTheirOrder()
    {
        await using var line = await Line.OpenAsync();
        var sent = Bytes(300_000);
        var arriving = ReadAsync(line.Far, sent.Length);

        for (var (at, size) = (0, 1); at < sent.Length; at += size, size = (size * 7 % 1013) + 1)
        {
            await line.Near.WriteAsync(sent.AsMemory(at, Math.Min(size, sent.Length - at)));
        }

        Assert.Equal(sent, await arriving.WaitAsync(Patience.Long));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData(200_000)]
    public async Task Reads_OfAnySize_GetAllInItsOrder(int size)
    {
        await using var line = await Line.OpenAsync();
        var sent = Bytes(150_000);
        var sending = line.Far.SendAsync(sent);
        var read = new byte[sent.Length];
        for (var at = 0; at < read.Length;)
        {
            var count = await line.Near.ReadAsync(read.AsMemory(at, Math.Min(size, read.Length - at))).AsTask().WaitAsync(Patience.Long);
            Assert.True(count > 0);
            at += count;
        }

        await sending;
        Assert.Equal(sent, read);
        line.Far.Shutdown(SocketShutdown.Send);
        Assert.Equal(0, await line.Near.ReadAsync(new byte[size]).AsTask().WaitAsync(Patience.Long));
    }

    [Fact]
    public async Task PeerThatReadsNothing_HoldsUpTheWriter_UntilItReads()
    {
        await using var line = await Line.OpenAsync();
        var piece = Bytes(50_000);
        var pieces = 0;
        Task writing;
        do
        {
            writing = line.Near.WriteAsync(piece).AsTask();
            await Task.WhenAny(writing, Task.Delay(Patience.Short));
            pieces++;
        }
        while (writing.IsCompleted);

        var arrived = await ReadAsync(line.Far, pieces * piece.Length).WaitAsync(Patience.Long);

        await writing.WaitAsync(Patience.Long);
        Assert.All(arrived.Chunk(piece.Length), chunk => Assert.Equal(piece, chunk));
    }

    [Fact]
    public async Task WriterThatWaits_CanGiveUp()
    {
        await using var line = await Line.OpenAsync();
        using var end = new CancellationTokenSource();
        var piece = Bytes(1_000_000);
        Task writing;
        do
        {
            writing = line.Near.WriteAsync(piece, end.Token).AsTask();
            await Task.WhenAny(writing, Task.Delay(Patience.Short));
        }
        while (writing.IsCompleted);

        await end.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing.WaitAsync(Patience.Long));
        line.Far.Close(0);
    }

    [Fact]
    public async Task ConnectionThatBroke_FailsTheWriter()
    {
        await using var line = await Line.OpenAsync();
        line.Far.Close(0);

        await Patience.UntilAsync(
            async () =>
            {
                try
                {
                    await line.Near.WriteAsync(Bytes(10));
                    return false;
                }
                catch (IOException)
                {
                    return true;
                }
            },
            () => "It still takes bytes.");
    }

    [Fact]
    public async Task Ends_AfterWhatWasWrittenLast_HasLeft()
    {
        await using var line = await Line.OpenAsync();
        var sent = Bytes(40_000);
        await line.Near.WriteAsync(sent);

        await line.DisposeNearAsync();

        Assert.Equal(sent, await ReadAsync(line.Far, sent.Length).WaitAsync(Patience.Long));
    }

    private static byte[] Bytes(int count) => [.. Enumerable.Range(0, count).Select(number => (byte)(number * 31 / 7))];

    private static async Task<byte[]> ReadAsync(Socket socket, int count)
    {
        var read = new byte[count];
        for (var at = 0; at < count;)
        {
            var got = await socket.ReceiveAsync(read.AsMemory(at));
            Assert.True(got > 0, "It ended early.");
            at += got;
        }

        return read;
    }

    /// <summary>A connection: one end by the stream, the other as it is.</summary>
    private sealed class Line(Socket near, Socket far) : IAsyncDisposable
    {
        public GatheringStream Near { get; } = new(near);

        public Socket Far => far;

        public static async Task<Line> OpenAsync()
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            var near = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await near.ConnectAsync(listener.LocalEndpoint);
            return new Line(near, await listener.AcceptSocketAsync());
        }

        public async Task DisposeNearAsync()
        {
            await Near.DisposeAsync();
            near.Dispose();
        }

        public async ValueTask DisposeAsync()
        {
            far.Dispose();
            await DisposeNearAsync();
        }
    }
}
