using System.Collections.Concurrent;
using System.Globalization;
using Amqp;
using Amqp.Framing;
using Bridge.Core.PubSub;

namespace Bridge.AzureServiceBus.Connections;

/// <summary>A node that answers requests, such as <c>$cbs</c> or an entity's <c>$management</c>. Thread: any.</summary>
// https://learn.microsoft.com/azure/service-bus-messaging/service-bus-amqp-request-response
internal sealed class RequestLink
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<Message>> _waiting = new(StringComparer.Ordinal);
    private readonly string _node;
    private readonly string _replyTo = $"reply-{Guid.NewGuid():N}";
    private readonly TimeSpan _timeout;
    private SenderLink? _output;
    private ReceiverLink? _input;
    private long _requests;

    private RequestLink(string node, TimeSpan timeout)
    {
        _node = node;
        _timeout = timeout;
    }

    /// <summary>Whether requests can be sent.</summary>
    internal bool IsOpen => _output is { IsClosed: false } && _input is { IsClosed: false };

    /// <summary>Opens one.</summary>
    internal static async Task<RequestLink> OpenAsync(Session session, string node, TimeSpan timeout, CancellationToken cancellation)
    {
        var made = new RequestLink(node, timeout);
        var id = Guid.NewGuid().ToString("N");
        (made._input, _) = await Attaching.RunAsync(
            node,
            attached => new ReceiverLink(
                session, $"{node}-in-{id}", new Attach { Source = new Source { Address = node }, Target = new Target { Address = made._replyTo } }, attached),
            timeout,
            cancellation);
        made._input.AddClosedCallback((_, error) => made.FailAll(error));
        made._input.Start(200, made.OnAnswer);
        (made._output, _) = await Attaching.RunAsync(
            node,
            attached => new SenderLink(
                session, $"{node}-out-{id}", new Attach { Source = new Source { Address = made._replyTo }, Target = new Target { Address = node } }, attached),
            timeout,
            cancellation);
        made._output.AddClosedCallback((_, error) => made.FailAll(error));
        return made;
    }

    /// <summary>Sends a request.</summary>
    /// <param name="operation">Which.</param>
    /// <param name="request">The request; its id and where to answer are added.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The answer, with a status below 300.</returns>
    /// <exception cref="BrokerException">The service refuses or can't be reached.</exception>
    internal async Task<Message> RequestAsync(string operation, Message request, CancellationToken cancellation)
    {
        var id = Interlocked.Increment(ref _requests).ToString(CultureInfo.InvariantCulture);
        request.Properties = new Properties { MessageId = id, ReplyTo = _replyTo };
        request.ApplicationProperties ??= new ApplicationProperties();
        request.ApplicationProperties["operation"] = operation;
        var answered = new TaskCompletionSource<Message>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[id] = answered;
        var what = $"{operation} at {_node}";
        try
        {
#pragma warning disable VSTHRD103 // Justification: this overload doesn't wait, it calls back; SendAsync allocates a task the answer has no use for.
            _output!.Send(request, deliveryState: null, (_, _, outcome, _) => OnOutcome(what, outcome, answered), state: null);
#pragma warning restore VSTHRD103
            if (!IsOpen)
            {
                throw Failures.Translate(what, _output.Error ?? _input!.Error);
            }

            return Check(what, await answered.Task.WaitAsync(_timeout, cancellation));
        }
        catch (Exception error) when (Failures.IsOfTheClient(error))
        {
            throw Failures.Translate(what, error);
        }
        finally
        {
            _waiting.TryRemove(id, out _);
        }
    }

    private static void OnOutcome(string what, Outcome? outcome, TaskCompletionSource<Message> answered)
    {
        if (outcome is Rejected rejected)
        {
            answered.TrySetException(Failures.Translate(what, rejected.Error));
        }
        else if (outcome is Released or Modified)
        {
            answered.TrySetException(Failures.Translate(what, answer: null));
        }
    }

    // Claims-based security and management write their status differently.
    private static Message Check(string what, Message answer)
    {
        var fields = answer.ApplicationProperties;
        var status = (fields?["statusCode"] ?? fields?["status-code"]) is int code ? code : 500;
        if (status < 300)
        {
            return answer;
        }

        var condition = fields?["errorCondition"] ?? fields?["error-condition"];
        throw Failures.Translate(what, new Error(ConditionOf(condition?.ToString(), status)) { Description = (fields?["statusDescription"] ?? fields?["status-description"])?.ToString() });
    }

    private static string ConditionOf(string? condition, int status) => condition ?? status switch
    {
        401 or 403 => "amqp:unauthorized-access",
        404 => Failures.NotFound,
        410 => "com.microsoft:lock-lost",
        >= 400 and < 500 and not 408 and not 429 => "amqp:not-allowed",
        _ => "amqp:internal-error",
    };

    private void OnAnswer(IReceiverLink link, Message answer)
    {
        link.Accept(answer);
        if (answer.Properties?.CorrelationId is { } id && _waiting.TryRemove(id, out var waiting))
        {
            waiting.TrySetResult(answer);
        }
    }

    private void FailAll(Error? error)
    {
        foreach (var waiting in _waiting.Values)
        {
            waiting.TrySetException(Failures.Translate(_node, error));
        }
    }
}
