using System.Buffers;
using System.Buffers.Text;
using System.Text;
using Bridge.Core.PubSub;
using Bridge.Nats.Protocol;

namespace Bridge.Nats.Connections;

/// <content>What the server sends.</content>
internal sealed partial class Session
{
    private const string PublishViolation = "Permissions Violation for Publish to \"";

    // The requests that what was read last answers. Thread: the receiving loop.
    private List<(PendingRequest Request, NatsMessage Answer)> _answered = [];

    private async Task ReceiveAsync()
    {
        while (true)
        {
            var result = await _reader.ReadAsync(_ending.Token);
            var buffer = result.Buffer;
            try
            {
                while (FrameReader.TryRead(ref buffer, out var frame))
                {
                    Handle(frame);
                }
            }
            finally
            {
                // Also before a refusal that ends the connection.
                if (_answered.Count > 0)
                {
                    PendingRequest.Succeed(_answered);
                    _answered = [];
                }
            }

            _reader.AdvanceTo(buffer.Start, buffer.End);
            if (result.IsCompleted)
            {
                return;
            }
        }
    }

    private void Handle(in Frame frame)
    {
        switch (frame.Kind)
        {
            case FrameKind.Message when frame.Message.Subscription == Inbox:
                Answer(frame.Message with { Server = Info.Id });
                break;
            case FrameKind.Message:
                _deliver(frame.Message with { Server = Info.Id });
                break;
            case FrameKind.Ping:
                _output.Write(0, static (output, _) => FrameWriter.Pong(output));
                break;
            case FrameKind.Pong:
                HandlePong();
                break;
            case FrameKind.Info:
                Info = ServerInfo.Parse(frame.Text);
                break;
            case FrameKind.Error:
                Refuse(frame.Text);
                break;
            default:
                break;
        }
    }

    private void Answer(in NatsMessage message)
    {
        var digits = message.Subject[Math.Min(_inboxPrefix.Length, message.Subject.Length)..];
        if (Utf8Parser.TryParse(digits, out long number, out _) && _requests.Take(number) is { } request)
        {
            _answered.Add((request, message));
        }
    }

    private void HandlePong()
    {
        // The first answers CONNECT's own PING: the server has let us in.
        if (_entered.TrySetResult())
        {
            return;
        }

        TaskCompletionSource? ping;
        lock (_pingLock)
        {
            _pings.TryDequeue(out ping);
        }

        ping?.TrySetResult();
    }

    private void Refuse(string error)
    {
        if (error.StartsWith("Permissions Violation", StringComparison.OrdinalIgnoreCase))
        {
            // The connection stays.
            _lastError = error;
            if (error.StartsWith(PublishViolation, StringComparison.OrdinalIgnoreCase))
            {
                var subject = error[PublishViolation.Length..].TrimEnd('"');
                _requests.Fail(Encoding.UTF8.GetBytes(subject), Forbidden(subject));
            }

            return;
        }

        throw error switch
        {
            _ when error.StartsWith("Authorization Violation", StringComparison.OrdinalIgnoreCase) || error.StartsWith("User Authentication", StringComparison.OrdinalIgnoreCase) =>
                new BrokerException($"NATS at {Address} doesn't let us in: {error}.", "Give it a user and password, or a token, that the server knows; keys (NKEY, JWT) aren't supported.", isTransient: false),
            _ => new BrokerException($"NATS at {Address} ends the connection: {error}."),
        };
    }

    private BrokerException Forbidden(string subject) =>
        new($"NATS at {Address} doesn't allow this user to publish to {subject}.", $"Add {subject} to the subjects that the user may publish to.", isTransient: false);
}
