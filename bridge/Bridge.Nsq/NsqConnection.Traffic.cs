using System.Buffers;
using Bridge.Core.PubSub;

namespace Bridge.Nsq;

/// <content>What goes over the wire.</content>
internal sealed partial class NsqConnection
{
    /// <summary>Adds a command to those that are to be written. Under the lock.</summary>
    private Task WriteAsync(byte[] command)
    {
        if (_failure is not null)
        {
            return Task.FromException(_failure);
        }

        _pending.Write(command);
        var written = (_nextWrite ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        if (!_isWriting)
        {
            _isWriting = true;
            _ = Task.Run(WriteAllAsync);
        }

        return written;
    }

    private async Task WriteAllAsync()
    {
        while (true)
        {
            TaskCompletionSource? written;
            lock (_lock)
            {
                if (_pending.WrittenCount == 0 || _failure is not null)
                {
                    _isWriting = false;
                    return;
                }

                (_pending, _writing) = (_writing, _pending);
                (written, _nextWrite) = (_nextWrite, null);
            }

            try
            {
                await _stream.WriteAsync(_writing.WrittenMemory, _ended.Token);
                await _stream.FlushAsync(_ended.Token);
                _writing.ResetWrittenCount();
                written?.TrySetResult();
            }
            catch (Exception error) when (error is IOException or ObjectDisposedException or OperationCanceledException)
            {
                var failure = NsqErrors.Broken(Address, error);
                Fail(failure);
                written?.TrySetException(failure);
            }
        }
    }

    private async Task ReadAllAsync()
    {
        await Task.Yield();
        using var watch = new Timer(_ => Watch(), state: null, _options.HeartbeatInterval, _options.HeartbeatInterval);
        try
        {
            while (true)
            {
                Take(await _reader.ReadAsync(_ended.Token));
                Volatile.Write(ref _heardAt, Environment.TickCount64);
            }
        }
        catch (InvalidDataException error)
        {
            Fail(NsqErrors.Garbled(Address, error));
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or OperationCanceledException)
        {
            Fail(NsqErrors.Broken(Address, error));
        }
    }

    private void Take(NsqFrame frame)
    {
        switch (frame.Type)
        {
            case NsqFrameType.Message:
                _onMessage(this, NsqMessage.Parse(frame.Data));
                break;
            case NsqFrameType.Response when frame.Data.Span.SequenceEqual("_heartbeat_"u8):
                lock (_lock)
                {
                    _ = WriteAsync(NsqCommands.Nop).ContinueWith(static task => _ = task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
                }

                break;
            case NsqFrameType.Response:
                NextAnswer()?.TrySetResult(frame.Text);
                break;
            default:
                TakeError(frame.Text);
                break;
        }
    }

    private void TakeError(string error)
    {
        // A message that isn't this program's any more: its lease was over. These are the errors that nsqd goes on after, and to commands
        // that it doesn't answer otherwise.
        if (error.StartsWith("E_FIN_FAILED", StringComparison.Ordinal)
            || error.StartsWith("E_REQ_FAILED", StringComparison.Ordinal)
            || error.StartsWith("E_TOUCH_FAILED", StringComparison.Ordinal))
        {
            return;
        }

        // After every other nsqd closes the connection.
        var refusal = NsqErrors.Refused(Address, error);
        NextAnswer()?.TrySetException(refusal);
        Fail(refusal);
    }

    private TaskCompletionSource<string>? NextAnswer()
    {
        lock (_lock)
        {
            return _answers.TryDequeue(out var answer) ? answer : null;
        }
    }

    private void Watch()
    {
        if (Environment.TickCount64 - Volatile.Read(ref _heardAt) > 2 * _options.HeartbeatInterval.TotalMilliseconds)
        {
            Fail(NsqErrors.Silent(Address, inner: null));
        }
    }
}
