using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Abstractions;
using Microsoft.AspNetCore.Http.Features;

namespace Encore.Host.Http;

/// <summary>
/// What the server calls for each request. Requests that come before the application is loaded wait for it.
/// </summary>
internal sealed class EdgeApplication : IHttpApplication<RequestState>
{
    private readonly TaskCompletionSource<RequestHandler> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile RequestHandler? _handler;

    /// <summary>The application is loaded.</summary>
    public void Open(RequestHandler handler)
    {
        _handler = handler;
        _ready.SetResult(handler);
    }

    /// <inheritdoc/>
    public RequestState CreateContext(IFeatureCollection contextFeatures)
    {
        // HTTP/1.1 connections and HTTP/2 streams keep their state for the next request.
        if (contextFeatures is not IHostContextContainer<RequestState> container)
        {
            return new RequestState(contextFeatures);
        }

        return container.HostContext ??= new RequestState(contextFeatures);
    }

    /// <inheritdoc/>
    public Task ProcessRequestAsync(RequestState context) =>
        _handler is { } handler ? handler.HandleAsync(context) : HandleWhenReadyAsync(context);

    /// <inheritdoc/>
    public void DisposeContext(RequestState context, Exception? exception) => context.ReleaseBody();

    private async Task HandleWhenReadyAsync(RequestState context)
    {
        var handler = await _ready.Task;
        await handler.HandleAsync(context);
    }
}
