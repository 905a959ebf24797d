using Bridge.Core.PubSub;
using Bridge.GooglePubSub.Access;
using Bridge.GooglePubSub.Protocol;
using Grpc.Core;
using Grpc.Net.Client;

namespace Bridge.GooglePubSub;

/// <summary>The way to the service. Thread: any.</summary>
internal sealed class GoogleConnection : IDisposable
{
    // A message may have 10 MB, and several come with one answer.
    private const int MaxAnswer = 64 * 1024 * 1024;

    private static readonly TimeSpan CallTime = TimeSpan.FromSeconds(30);

    private readonly GrpcChannel _channel;
    private readonly ITokenSource _tokens;

    public GoogleConnection(GooglePubSubOptions options, TimeProvider time)
    {
        Time = time;
        var emulator = options.EmulatorHost ?? (Environment.GetEnvironmentVariable("PUBSUB_EMULATOR_HOST") is { Length: > 0 } named ? named : null);
        _tokens = emulator is not null ? new NoTokens() : TokensOf(options, time);
        _channel = GrpcChannel.ForAddress(emulator is null ? "https://pubsub.googleapis.com" : $"http://{emulator}", new GrpcChannelOptions
        {
            MaxReceiveMessageSize = MaxAnswer,
            MaxSendMessageSize = MaxAnswer,
            ThrowOperationCanceledOnCancellation = true,
            DisposeHttpClient = true,
            HttpHandler = new SocketsHttpHandler
            {
                ConnectTimeout = TimeSpan.FromSeconds(5),
                EnableMultipleHttp2Connections = true,
                KeepAlivePingDelay = TimeSpan.FromSeconds(30),
                KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
                PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            },
        });
        Publisher = new Publisher.PublisherClient(_channel);
        Subscriber = new Subscriber.SubscriberClient(_channel);
    }

    /// <summary>Topics.</summary>
    public Publisher.PublisherClient Publisher { get; }

    /// <summary>Subscriptions.</summary>
    public Subscriber.SubscriberClient Subscriber { get; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; }

    /// <summary>Calls once.</summary>
    /// <param name="what">What for, for people: "publishing to topic projects/…".</param>
    /// <param name="call">The call.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="BrokerException">The service can't be reached, or refuses.</exception>
    public async Task<T> CallAsync<T>(string what, Func<CallOptions, AsyncUnaryCall<T>> call, CancellationToken cancellation)
    {
        var options = await OptionsAsync(cancellation);
        try
        {
            return await call(options.WithDeadline(DateTime.UtcNow + CallTime));
        }
        catch (Exception error) when (GoogleFailures.IsOfTheCall(error, cancellation))
        {
            throw GoogleFailures.Translate(what, error);
        }
    }

    /// <summary>Calls for what does the same when it is done twice, again while the service is away.</summary>
    public Task<T> RepeatAsync<T>(string what, Func<CallOptions, AsyncUnaryCall<T>> call, CancellationToken cancellation) =>
        Persistence.RunAsync(() => CallAsync(what, call, cancellation), error => error.IsTransient, Time, cancellation);

    /// <summary>What every call says beside its request.</summary>
    public async Task<CallOptions> OptionsAsync(CancellationToken cancellation)
    {
        var headers = new Metadata();
        if (await _tokens.AuthorizationAsync(cancellation) is { } authorization)
        {
            headers.Add("authorization", authorization);
        }

        return new CallOptions(headers, cancellationToken: cancellation);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _channel.Dispose();
        (_tokens as IDisposable)?.Dispose();
    }

    private static ITokenSource TokensOf(GooglePubSubOptions options, TimeProvider time)
    {
        if (options.ServiceAccountKey is { } key)
        {
            return new ServiceAccountTokens(key, time);
        }

        if (Environment.GetEnvironmentVariable("GOOGLE_APPLICATION_CREDENTIALS") is { Length: > 0 } file)
        {
            return File.Exists(file)
                ? new ServiceAccountTokens(File.ReadAllText(file), time)
                : throw new BrokerException($"Pub/Sub: {file} isn't there, which GOOGLE_APPLICATION_CREDENTIALS names", "correct the path", isTransient: false);
        }

        var host = Environment.GetEnvironmentVariable("GCE_METADATA_HOST") is { Length: > 0 } other ? other : MachineTokens.DefaultHost;
        return new MachineTokens(new HttpClient { Timeout = TimeSpan.FromSeconds(10) }, host, time);
    }
}
