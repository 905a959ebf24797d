using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Bridge.Engine.Tests.Fetch;

/// <summary>A real Kestrel on the loopback address, on a port of the system's choice.</summary>
internal sealed class LoopbackServer : IAsyncDisposable
{
    private readonly WebApplication _application;

    private LoopbackServer(WebApplication application) => _application = application;

    /// <summary>Where it listens, without a slash at the end.</summary>
    internal string Url => _application.Urls.Single();

    internal static async Task<LoopbackServer> StartAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.Configure<KestrelServerOptions>(options =>
        {
            options.AddServerHeader = false;
            options.RequestHeaderEncodingSelector = static _ => System.Text.Encoding.Latin1;
            options.ResponseHeaderEncodingSelector = static _ => System.Text.Encoding.Latin1;
        });
        var application = builder.Build();
        application.Run(answer);
        await application.StartAsync().WaitAsync(EngineThread.Patience);
        return new LoopbackServer(application);
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _application.StopAsync(now.Token).WaitAsync(EngineThread.Patience, CancellationToken.None);
        await _application.DisposeAsync();
    }
}
