using Amqp;
using Amqp.Framing;

namespace Bridge.AzureServiceBus.Connections;

/// <summary>Waits until the service has attached a link, or refused to.</summary>
internal static class Attaching
{
    /// <summary>Makes a link and waits for it.</summary>
    /// <param name="what">What for: "receiving from orders".</param>
    /// <param name="make">Makes it; what it is given is to be told of the answer.</param>
    /// <param name="timeout">How long the service may take.</param>
    /// <param name="cancellation">Ends the wait; a link that is attached later is closed.</param>
    /// <returns>The link, and the service's answer.</returns>
    internal static async Task<(T Link, Attach Answer)> RunAsync<T>(string what, Func<OnAttached, T> make, TimeSpan timeout, CancellationToken cancellation)
        where T : Link
    {
        var attached = new TaskCompletionSource<Attach>(TaskCreationOptions.RunContinuationsAsynchronously);
        T link;
        try
        {
            link = make((_, answer) =>
            {
                // A refusal is an answer without a source or target, and a detach that says why.
                if ((answer.Role ? answer.Target : answer.Source) is not null)
                {
                    attached.TrySetResult(answer);
                }
            });
        }
        catch (Exception error) when (Failures.IsOfTheClient(error))
        {
            throw Failures.Translate(what, error);
        }

        // A link that is made while its connection breaks may be told of neither: the connection itself always is.
        void Fail(IAmqpObject ended, Error error) => attached.TrySetException(Failures.Translate(what, error ?? link.Error));
        var connection = link.Session.Connection;
        link.AddClosedCallback(Fail);
        connection.AddClosedCallback(Fail);
        try
        {
            return (link, await attached.Task.WaitAsync(timeout, cancellation));
        }
        catch (TimeoutException error)
        {
            CloseOnceAttached(link, attached.Task);
            throw Failures.Translate(what, error);
        }
        catch (OperationCanceledException)
        {
            CloseOnceAttached(link, attached.Task);
            throw;
        }
        finally
        {
            connection.Closed -= Fail;
        }
    }

    /// <summary>Ends a link, and waits for the service's word, after which nothing comes by it.</summary>
    internal static async Task CloseAsync(AmqpObject part, TimeSpan timeout)
    {
        try
        {
            await part.CloseAsync().WaitAsync(timeout);
        }
        catch (Exception error) when (Failures.IsOfTheClient(error))
        {
            // It is gone already, and whatever it held will be free.
        }
    }

    private static void CloseOnceAttached(Link link, Task attached) =>
        _ = attached.ContinueWith(
            answer =>
            {
                _ = answer.Exception;
                if (answer.IsCompletedSuccessfully)
                {
                    _ = CloseAsync(link, TimeSpan.FromSeconds(10));
                }
            },
            TaskScheduler.Default);
}
