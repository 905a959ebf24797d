using Bridge.Core.PubSub;

namespace Bridge.AzureServiceBus.Connections;

/// <summary>The connection to a namespace, made anew when somebody needs it and it is gone. Thread: any.</summary>
internal sealed class ServiceBusConnection : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private Line? _line;
    private bool _isClosed;

    /// <summary>One that isn't made yet.</summary>
    /// <exception cref="BrokerException">The connection string is malformed.</exception>
    internal ServiceBusConnection(ServiceBusBrokerOptions options, TimeProvider time)
    {
        (Options, Time) = (options, time);
        Namespace = ServiceBusNamespace.Parse(options.ConnectionString);
        if (options.SignIn == ServiceBusSignIn.Password && Namespace.Signature is not null)
        {
            throw new BrokerException("Azure Service Bus: a ready signature is no password.", "Give SharedAccessKeyName and SharedAccessKey, or sign in by tokens.", isTransient: false);
        }
    }

    /// <summary>What it is made of.</summary>
    internal ServiceBusBrokerOptions Options { get; }

    /// <summary>Where it goes.</summary>
    internal ServiceBusNamespace Namespace { get; }

    /// <summary>The clock.</summary>
    internal TimeProvider Time { get; }

    /// <summary>A line that stands.</summary>
    /// <exception cref="BrokerException">The service can't be reached, or refuses.</exception>
    internal async Task<Line> LineAsync(CancellationToken cancellation)
    {
        if (_line is { IsOpen: true } ready)
        {
            return ready;
        }

        await _gate.WaitAsync(cancellation);
        try
        {
            if (_isClosed)
            {
                throw new BrokerException($"The connection to Azure Service Bus at {Namespace} is closed.", isTransient: false);
            }

            if (_line is not { IsOpen: true })
            {
                _line = null;
                _line = await Line.OpenAsync(Options, Namespace, Time, cancellation);
            }

            return _line;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Does something by a line, again where the service can't be reached, for as long as publishing is patient.</summary>
    /// <param name="call">What harms nobody if it is done twice.</param>
    /// <param name="cancellation">Ends it.</param>
    internal async Task<T> PatientlyAsync<T>(Func<Line, Task<T>> call, CancellationToken cancellation)
    {
        var begun = Time.GetTimestamp();
        while (true)
        {
            try
            {
                return await call(await LineAsync(cancellation));
            }
            catch (BrokerException error) when (error.IsTransient && Time.GetElapsedTime(begun) < Options.ReconnectPatience)
            {
                await Task.Delay(Pause, Time, cancellation);
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _gate.WaitAsync();
        try
        {
            _isClosed = true;
            if (_line is { } line)
            {
                await line.DisposeAsync();
            }
        }
        finally
        {
            _gate.Release();
        }
    }
}
