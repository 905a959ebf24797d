using System.Runtime.ExceptionServices;
using Bridge.Core.Buffers;
using Bridge.Core.Isolates;
using Bridge.Core.Isolates.Streams;
using Bridge.Core.Responses;
using Encore.Host.Http;
using Encore.Host.Transport;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Encore.Host.Streams;

/// <summary>
/// One stream from its opening to its end: takes what the script says and writes it, with everything else that goes to the client, in one
/// flow that is woken when there is something to write.
/// </summary>
/// <remarks>
/// Invariant: only the flow writes. Whoever has something to say leaves it and calls <see cref="Wake"/>. Thread: any, unless a member says
/// otherwise.
/// </remarks>
internal abstract partial class StreamSession : IStreamReceiver, IResponseHead, IDisposable
{
    // The script goes on sending once this much of its window is written.
    private const int CreditMessages = 16;
    private const int CreditUnits = 64 * 1024;

    private const int Idle = 0;
    private const int Busy = 1;
    private const int BusyAndMore = 2;

    private const int Undecided = 0;
    private const int Opens = 1;
    private const int NeverOpens = 2;

    private readonly RequestLog _log;
    private readonly bool _showInternals;
    private StreamOutput? _unwritten;
    private Queue<StreamOutput>? _held;
    private PooledBuffer? _answer;
    private StreamEnd? _end;
    private ExceptionDispatchInfo? _fault;
    private Milestone _hasBegun;
    private Milestone _hasEnded;
    private Milestone _isOver;
    private int _opening;
    private int _flow;
    private int _writtenMessages;
    private int _writtenUnits;
    private volatile bool _hasLeft;
    private long _flushingSince;

    protected StreamSession(StreamContext context)
    {
        (Request, Route, Streams) = (context.Request, context.Route, context.Open);
        (_log, _showInternals) = (context.Log, context.ShowInternals);
        Plan = context.Plan;
        Writer = new CountedWriter(Request.ResponseWriter);

        // The connection's, not the calling thread's: a connection's first request may still run on the thread pool.
        Call = context.Isolate.OpenStream(this, Request.Features.Get<IConnectionLoopFeature>()?.Loop);
    }

    /// <summary>The stream's end in the isolate.</summary>
    public CallStream Call { get; }

    protected RequestState Request { get; }

    protected EndpointRoute Route { get; }

    protected OpenStreams Streams { get; }

    protected StreamPlan Plan { get; }

    /// <summary>What goes to the client; only the flow writes.</summary>
    protected CountedWriter Writer { get; set; }

    /// <summary>Whether the end was written.</summary>
    protected bool HasEnded => _hasEnded.IsReached;

    /// <summary>Whether the other side has room for a message; true where the transport itself holds back whoever writes to it.</summary>
    protected virtual bool HasRoom => true;

    /// <summary>When something was last written, in ticks of <see cref="Environment.TickCount64"/>.</summary>
    protected long LastWritten { get; private set; }

    /// <summary>Opens the stream towards the client, unless that is decided already.</summary>
    public void Open()
    {
        if (Interlocked.CompareExchange(ref _opening, Opens, Undecided) == Undecided)
        {
            _ = OpenAsync();
        }
    }

    /// <summary>Whether the stream was opened by the time that the handler's answer came. If not, it never is.</summary>
    public bool HasOpened()
    {
        // What the script said before its answer is there with the answer, also where nobody was told of it yet.
        if (Call.HasOutput)
        {
            Open();
        }

        return Interlocked.CompareExchange(ref _opening, NeverOpens, Undecided) == Opens;
    }

    /// <summary>Waits until both sides have ended an opened stream, this one as <see cref="End"/> says.</summary>
    public async Task WaitForEndAsync()
    {
        await _isOver.WaitAsync();
        _fault?.Throw();
    }

    /// <summary>The stream isn't opened, or is over: nothing is taken from the script any more.</summary>
    public virtual void Dispose()
    {
        _hasEnded.Reach();
        Streams.Remove(this);
        Leave();
        Call.Abandon();
        _answer?.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Keeps what the handler answered for the last message. Comes before the end.</summary>
    /// <param name="json">The value; empty for undefined.</param>
    public void KeepAnswer(ReadOnlySpan<byte> json)
    {
        if (Plan.Response is not null)
        {
            _answer = new PooledBuffer(json.Length);
            _answer.Write(json);
        }
    }

    /// <summary>Has everything written that was said so far, then the end. The first end counts.</summary>
    public void End(StreamEnd end)
    {
        Interlocked.CompareExchange(ref _end, end, null);
        Wake();
    }

    /// <summary>The host shuts down.</summary>
    public void ShutDown()
    {
        End(StreamEnd.ShuttingDown);
        OnShutDown();
    }

    /// <summary>Looks whether the client is still there.</summary>
    /// <param name="now">Ticks of <see cref="Environment.TickCount64"/>.</param>
    public void Look(long now)
    {
        var since = Volatile.Read(ref _flushingSince);
        if (since != 0 && now - since > Streams.Options.PingTimeout.TotalMilliseconds)
        {
            Request.Abort();
            Leave();
        }
        else
        {
            OnLook(now);
        }
    }

    /// <inheritdoc/>
    public void OnOutput()
    {
        // The first thing that a stream says is that it opens.
        Open();
        Wake();
    }

    void IResponseHead.SetStatus(int status)
    {
        // Messages have no head.
    }

    void IResponseHead.AddHeader(string name, string value)
    {
        // Messages have no head.
    }

    /// <summary>The connection is closed.</summary>
    public abstract void Disconnect();

    /// <summary>Opens the stream towards the client.</summary>
    protected abstract Task BeginAsync();

    /// <summary>Writes a message, after which the stream can still go on.</summary>
    protected abstract void WriteMessage(ReadOnlySpan<byte> json);

    /// <summary>Writes what the handler answered, the last message.</summary>
    protected virtual void WriteAnswer(ReadOnlySpan<byte> json) => WriteMessage(json);

    /// <summary>Writes what isn't messages.</summary>
    protected abstract void WriteControl();

    /// <summary>Writes the end.</summary>
    protected abstract void WriteEnd(StreamEnd end);

    /// <summary>The handler begins; a client knows that by the answer to its request.</summary>
    protected virtual void OnOpened()
    {
    }

    /// <summary>The script has taken messages.</summary>
    protected abstract void OnGrant(int messages);

    /// <summary>Some time has passed.</summary>
    protected abstract void OnLook(long now);

    /// <summary>The host shuts down; the end is on its way.</summary>
    protected abstract void OnShutDown();

    /// <summary>Waits for the client's side to end, once this one has.</summary>
    protected abstract Task FinishAsync();

    /// <summary>The client has left, or is no longer listened to: the script learns of it, and nobody waits for its answer.</summary>
    protected virtual void Leave()
    {
        _hasLeft = true;
        Call.Leave();
    }

    /// <summary>Lifts the server's own limit for clients that read slowly: they are asked whether they are there instead.</summary>
    protected void KeepSlowReaders() => Request.Features.Get<IHttpMinResponseDataRateFeature>()?.MinDataRate = null;

    /// <summary>Nothing can be written any more.</summary>
    protected void LoseOutput()
    {
        EndOutput();
        Leave();
    }

    private async Task OpenAsync()
    {
        try
        {
            await BeginAsync();
            LastWritten = Environment.TickCount64;
            Streams.Add(this);
        }
        catch (Exception error)
        {
            // Justification: the root of a flow of its own. Whoever waits for the end gets the error.
            _fault = ExceptionDispatchInfo.Capture(error);
            LoseOutput();
        }

        _hasBegun.Reach();
        Wake();
    }

    /// <summary>Nothing is written any more: what is left is the client's side.</summary>
    private void EndOutput()
    {
        if (_hasEnded.Reach())
        {
            _ = CloseAsync();
        }
    }

    private async Task CloseAsync()
    {
        try
        {
            await _hasBegun.WaitAsync();
            if (_fault is null)
            {
                await FinishAsync();
            }
        }
        finally
        {
            Streams.Remove(this);
            Leave();
            _isOver.Reach();
        }
    }
}
