using Amqp;
using Amqp.Framing;
using Bridge.Core.PubSub;

namespace Bridge.AzureServiceBus.Connections;

/// <content>What the service is shown, so that it lets this process in.</content>
internal sealed partial class Line
{
    /// <summary>Shows a token for an address, unless one is known there. Invariant: under the gate, or by the one renewal.</summary>
    private async Task AuthorizeAsync(string entity, CancellationToken cancellation)
    {
        if (_options.SignIn == ServiceBusSignIn.Password || (_tokens.TryGetValue(entity, out var ends) && ends > _time.GetUtcNow()))
        {
            return;
        }

        await PutTokenAsync(entity, cancellation);
    }

    // https://learn.microsoft.com/azure/service-bus-messaging/service-bus-amqp-protocol-guide: claims-based security
    private async Task PutTokenAsync(string entity, CancellationToken cancellation)
    {
        if (!_requests.TryGetValue("$cbs", out var link) || !link.IsOpen)
        {
            _requests["$cbs"] = link = await RequestLink.OpenAsync(_session, "$cbs", _options.AnswerTimeout, cancellation);
        }

        var ends = _time.GetUtcNow() + _options.TokenLifetime;
        var request = new Message(_namespace.Sign(ends))
        {
            ApplicationProperties = new ApplicationProperties
            {
                ["type"] = "servicebus.windows.net:sastoken",
                ["name"] = $"amqp://{_namespace.Host}/{entity}",
                ["expiration"] = ends.UtcDateTime,
            },
        };
        try
        {
            await link.RequestAsync("put-token", request, cancellation);
        }
        catch (BrokerException error) when (Failures.IsDenied(error))
        {
            throw Failures.NotLetIn($"Azure Service Bus at {_namespace} doesn't take the token for {entity}", error);
        }

        _tokens[entity] = ends;
    }

    private async Task RenewTokensAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(_options.TokenLifetime * 2 / 3, _time, _end.Token);
                foreach (var entity in _tokens.Keys)
                {
                    await RenewTokenAsync(entity);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The line has ended.
        }
    }

    private async Task RenewTokenAsync(string entity)
    {
        await _gate.WaitAsync(_end.Token);
        try
        {
            await PutTokenAsync(entity, _end.Token);
        }
        catch (BrokerException)
        {
            // The service ends the entity's links, and says why when they are attached anew.
            _tokens.TryRemove(entity, out _);
        }
        finally
        {
            _gate.Release();
        }
    }
}
