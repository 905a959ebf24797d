using System.Net.Sockets;
using System.Security.Authentication;
using System.Threading.Channels;
using Bridge.Core.PubSub;
using RabbitMQ.Client.Exceptions;

namespace Bridge.RabbitMq.Connections;

/// <summary>What errors of the client mean.</summary>
internal static class RabbitMqFailures
{
    /// <summary>Whether an error says that connection or channel are gone.</summary>
    internal static bool IsLoss(Exception error) =>
        error is RabbitMQClientException or IOException or SocketException or ObjectDisposedException or TimeoutException or ChannelClosedException;

    /// <summary>As <see cref="IsLoss"/>; the client also cancels by itself what a broken connection leaves undone.</summary>
    internal static bool IsOfTheConnection(Exception error, CancellationToken cancellation) =>
        IsLoss(error) || (error is OperationCanceledException && !cancellation.IsCancellationRequested);

    /// <summary>The server can't be reached.</summary>
    /// <param name="name">Which.</param>
    /// <param name="error">Why.</param>
    internal static BrokerException Unreachable(string name, Exception error)
    {
        var cause = error;
        while (cause.InnerException is { } inner)
        {
            cause = inner;
        }

        var isRefused = cause is AuthenticationFailureException or AuthenticationException || error is AuthenticationFailureException;
        return new BrokerException(
            $"RabbitMQ at {name} can't be reached: {cause.Message}",
            isRefused ? "Give it a user and password that the server knows, and the authority that issued its certificate." : "See that a RabbitMQ server runs there and that the address in the configuration is right.",
            isTransient: !isRefused,
            error);
    }

    /// <summary>The connection broke.</summary>
    /// <param name="name">To which server.</param>
    /// <param name="error">Why.</param>
    internal static BrokerException Gone(string name, Exception error) =>
        new($"The connection to RabbitMQ at {name} is gone: {error.Message}", "It is made again by itself once the server can be reached.", inner: error);

    /// <summary>Frees what belongs to a connection that is gone, without waiting: it may itself wait for answers that can't come.</summary>
    internal static async Task ForgetAsync(IAsyncDisposable gone)
    {
        try
        {
            await gone.DisposeAsync();
        }
        catch (Exception error) when (error is OperationCanceledException || IsLoss(error))
        {
            // It is gone already.
        }
    }
}
