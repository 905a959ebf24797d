using Bridge.Core.Errors;
using Bridge.Core.Isolates.Streams;
using Bridge.Core.Responses;
using Encore.Host.Http;

namespace Encore.Host.Streams;

/// <content>The flow that writes.</content>
internal abstract partial class StreamSession
{
    // What may be written between two flushes; the transport's own limit makes a flush wait for a client that is slow.
    private const int FlushBytes = 32 * 1024;

    // Messages that the other side has no room for yet.
    private bool HoldsMessages => _held is { Count: > 0 };

    /// <summary>Has the flow look for things to write, now or when it has written what it has.</summary>
    protected void Wake()
    {
        if (_hasBegun.IsReached && Interlocked.Exchange(ref _flow, BusyAndMore) == Idle)
        {
            _ = FlowAsync();
        }
    }

    /// <summary>Writes one message of the script's by its plan, or ends the stream where that can't be sent.</summary>
    private void Send(ResponsePlan plan, ReadOnlySpan<byte> json, bool isAnswer)
    {
        var body = ResponseWriter.Rent();
        try
        {
            var result = plan.Encode(json, body, this);
            if (result.Error is { } error)
            {
                OnUnsendable(error);
            }
            else if (!result.HasBody)
            {
                return;
            }
            else if (isAnswer)
            {
                WriteAnswer(body.Written);
            }
            else
            {
                WriteMessage(body.Written);
            }
        }
        finally
        {
            ResponseWriter.Return(body);
        }
    }

    private async Task FlowAsync()
    {
        try
        {
            do
            {
                // A full fence: written late, this would undo a wake that came while the flow had already looked.
                Interlocked.Exchange(ref _flow, Busy);
                await WriteAllAsync();
            }
            while (Interlocked.CompareExchange(ref _flow, Idle, Busy) != Busy);
        }
        catch (Exception error)
        {
            // Justification: the root of a flow of its own. Whatever hinders writing ends this stream alone, and whoever waits learns of it.
            OnFault(error);
            LoseOutput();
        }
    }

    private async ValueTask WriteAllAsync()
    {
        while (!HasEnded)
        {
            // Before the messages are taken: what was said before the end belongs before it.
            var end = Volatile.Read(ref _end);
            WriteControl();
            var isAll = WriteSome();
            if (isAll && end is not null && (!HoldsMessages || !end.WaitsForRoom))
            {
                WriteLast(end);
                await FlushAsync();
                EndOutput();
                return;
            }

            await FlushAsync();
            Credit();
            if (isAll)
            {
                return;
            }
        }
    }

    /// <summary>Writes messages until a flush is due.</summary>
    /// <returns>Whether that were all, but for those that the other side has no room for.</returns>
    private bool WriteSome()
    {
        while (Writer.UnflushedBytes < FlushBytes)
        {
            if (HoldsMessages && HasRoom)
            {
                Write(_held!.Dequeue());
                continue;
            }

            _unwritten ??= Call.TakeAll();
            if (_unwritten is not { } output)
            {
                return true;
            }

            _unwritten = output.Next;
            Take(output);
        }

        return false;
    }

    private void Write(StreamOutput message)
    {
        _writtenMessages++;
        _writtenUnits += message.Units;
        if (Plan.Outgoing is { } plan && Volatile.Read(ref _end) is not { DropsMessages: true })
        {
            Send(plan, message.Json, isAnswer: false);
        }

        message.Dispose();
    }

    private void WriteLast(StreamEnd end)
    {
        if (_answer is { } answer && Plan.Response is { } plan && end.Code == StreamEnd.Normal && !end.DropsMessages)
        {
            Send(plan, answer.Written, isAnswer: true);
            end = Volatile.Read(ref _end)!;
        }

        WriteEnd(end);
    }

    private void OnUnsendable(string error)
    {
        var answer = Refusals.Unsendable(_showInternals ? error : null);
        _log.Failed(Request, Route, answer.Code, error, stack: null);
        Volatile.Write(ref _end, StreamEnd.Failed(answer));
        Interlocked.Exchange(ref _flow, BusyAndMore);
    }

    private void OnFault(Exception error)
    {
        if (!_hasLeft)
        {
            _log.Failed(Request, Route, ErrorCode.Internal, error.Message, error.ToString());
        }
    }

    private void Take(StreamOutput output)
    {
        switch (output.Kind)
        {
            case StreamOutputKind.Message when !HoldsMessages && HasRoom:
                Write(output);
                return;
            case StreamOutputKind.Message:
                // What isn't messages goes on: were the grants behind it to wait as well, both sides could wait for each other.
                (_held ??= new Queue<StreamOutput>()).Enqueue(output);
                return;
            case StreamOutputKind.Opened:
                OnOpened();
                break;
            case StreamOutputKind.Grant:
                OnGrant(output.Count);
                break;
            case StreamOutputKind.Close:
                Interlocked.CompareExchange(ref _end, StreamEnd.Done, null);
                Interlocked.Exchange(ref _flow, BusyAndMore);
                break;
        }

        output.Dispose();
    }

    private async ValueTask FlushAsync()
    {
        if (Writer.UnflushedBytes == 0)
        {
            return;
        }

        var flush = Writer.FlushAsync();
        if (!flush.IsCompletedSuccessfully)
        {
            Volatile.Write(ref _flushingSince, Environment.TickCount64);
        }

        var result = await flush;
        Volatile.Write(ref _flushingSince, 0);
        LastWritten = Environment.TickCount64;
        if (result.IsCompleted)
        {
            LoseOutput();
        }
    }

    private void Credit()
    {
        if (_writtenMessages >= CreditMessages || _writtenUnits >= CreditUnits)
        {
            Call.Credit(_writtenMessages, _writtenUnits);
            _writtenMessages = 0;
            _writtenUnits = 0;
        }
    }
}
