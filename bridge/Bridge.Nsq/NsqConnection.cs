using System.Buffers;
using System.Net.Sockets;
using System.Security.Authentication;
using Bridge.Core.PubSub;

namespace Bridge.Nsq;

/// <summary>
/// A connection to one nsqd. Commands are written in the order they are given in, as many at once as there are; nsqd answers those that it
/// answers in the same order. Thread: any.
/// </summary>
internal sealed partial class NsqConnection : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly Queue<TaskCompletionSource<string>> _answers = new();
    private readonly CancellationTokenSource _ended = new();
    private readonly NsqBrokerOptions _options;
    private readonly Stream _stream;
    private readonly NsqFrameReader _reader;
    private readonly Action<NsqConnection, NsqMessage> _onMessage;
    private ArrayBufferWriter<byte> _pending = new();
    private ArrayBufferWriter<byte> _writing = new();
    private TaskCompletionSource? _nextWrite;
    private bool _isWriting;
    private BrokerException? _failure;
    private Task _reading = Task.CompletedTask;
    private long _heardAt = Environment.TickCount64;

    private NsqConnection(string address, NsqBrokerOptions options, NsqIdentity identity, Stream stream, Action<NsqConnection, NsqMessage> onMessage)
    {
        Address = address;
        Identity = identity;
        _options = options;
        _stream = stream;
        _reader = new NsqFrameReader(stream);
        _onMessage = onMessage;
    }

    /// <summary>Where it leads to.</summary>
    public string Address { get; }

    /// <summary>What was agreed on.</summary>
    public NsqIdentity Identity { get; }

    /// <summary>How many messages came over it that nobody has answered for. Under its source's lock.</summary>
    public int Unanswered { get; set; }

    /// <summary>Ended or broken: nothing more can be said here.</summary>
    public bool IsEnded
    {
        get
        {
            lock (_lock)
            {
                return _failure is not null;
            }
        }
    }

    /// <summary>Done when the connection has ended, for whatever reason.</summary>
    public Task Ended => _reading;

    /// <summary>Connects and agrees with an nsqd.</summary>
    /// <param name="address">Where it is.</param>
    /// <param name="options">How to be let in.</param>
    /// <param name="lease">How long messages are this program's without a word.</param>
    /// <param name="onMessage">Is given messages. It doesn't block and doesn't throw.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="BrokerException">Nobody answers, or what answers refuses.</exception>
    public static async Task<NsqConnection> OpenAsync(
        string address, NsqBrokerOptions options, TimeSpan lease, Action<NsqConnection, NsqMessage> onMessage, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(options.RequestTimeout);
        Stream? stream = null;
        try
        {
            stream = await NsqStreams.ConnectAsync(address, patience.Token);
            var (agreed, identity) = await NsqIdentity.AgreeAsync(stream, address, options, lease, patience.Token);
            stream = agreed;
            var connection = new NsqConnection(address, options, identity, stream, onMessage);
            connection._reading = connection.ReadAllAsync();
            return connection;
        }
        catch (InvalidDataException error)
        {
            await DiscardAsync(stream);
            throw NsqErrors.Garbled(address, error);
        }
        catch (Exception error) when (error is IOException or SocketException or AuthenticationException)
        {
            await DiscardAsync(stream);
            throw NsqErrors.Unreachable(address, error);
        }
        catch (OperationCanceledException error) when (!cancellation.IsCancellationRequested)
        {
            await DiscardAsync(stream);
            throw NsqErrors.Unreachable(address, error);
        }
        catch
        {
            await DiscardAsync(stream);
            throw;
        }
    }

    /// <summary>Says something that nsqd doesn't answer. Done when it is written.</summary>
    /// <exception cref="BrokerException">The connection has ended.</exception>
    public Task SayAsync(byte[] command)
    {
        lock (_lock)
        {
            return WriteAsync(command);
        }
    }

    /// <summary>Says something and waits for nsqd's answer.</summary>
    /// <exception cref="BrokerException">It refuses, or the connection ends before it answers: it isn't known then what it did.</exception>
    public async Task<string> AskAsync(byte[] command, CancellationToken cancellation)
    {
        var answer = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_failure is null)
            {
                _answers.Enqueue(answer);
            }

            _ = WriteAsync(command).ContinueWith(static task => _ = task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            if (_failure is { } failure)
            {
                throw failure;
            }
        }

        try
        {
            return await answer.Task.WaitAsync(_options.RequestTimeout, cancellation);
        }
        catch (TimeoutException error)
        {
            // Later answers couldn't be told apart from this one's.
            var failure = NsqErrors.Silent(Address, error);
            Fail(failure);
            throw failure;
        }
    }

    /// <summary>
    /// Says goodbye: when this is done, nsqd sends no more messages, all that it sent have come, and all that was said until then and by
    /// <paramref name="giveBack"/> is written.
    /// </summary>
    /// <param name="giveBack">Says what becomes of the messages that are left.</param>
    /// <exception cref="BrokerException">The connection has ended.</exception>
    public async Task CloseAsync(Func<Task>? giveBack = null)
    {
        await AskAsync(NsqCommands.Close, CancellationToken.None);
        if (giveBack is not null)
        {
            await giveBack();
        }

        // Written behind all others.
        await SayAsync(NsqCommands.Nop);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Fail(NsqErrors.Closed(Address));
#pragma warning disable VSTHRD003 // Justification: it is this object's own, begun when it was opened.
        await _reading;
#pragma warning restore VSTHRD003
        _ended.Dispose();
    }

    private static async ValueTask DiscardAsync(Stream? stream)
    {
        if (stream is not null)
        {
            await stream.DisposeAsync();
        }
    }

    /// <summary>Ends the connection; whoever waits for an answer learns why.</summary>
    private void Fail(BrokerException failure)
    {
        TaskCompletionSource<string>[] answers;
        TaskCompletionSource? write;
        lock (_lock)
        {
            if (_failure is not null)
            {
                return;
            }

            _failure = failure;
            answers = [.. _answers];
            _answers.Clear();
            (write, _nextWrite) = (_nextWrite, null);
        }

        _ended.Cancel();
        _stream.Dispose();
        foreach (var answer in answers)
        {
            answer.TrySetException(failure);
        }

        write?.TrySetException(failure);
    }
}
