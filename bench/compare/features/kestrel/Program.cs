using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.FileProviders;

namespace Features.Kestrel;

/// <summary>ASP.NET Core's own static files on bare Kestrel: what `api.static` is held against.</summary>
internal static class Program
{
    private static async Task Main(string[] arguments)
    {
        var port = int.Parse(Environment.GetEnvironmentVariable("PORT")!, CultureInfo.InvariantCulture);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, port);
        });
        // Takes effect together with DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS=1, which the runner sets.
        builder.Services.Configure<SocketTransportOptions>(sockets => sockets.UnsafePreferInlineScheduling = true);

        using var files = new PhysicalFileProvider(Path.GetFullPath(arguments[0]));
        var app = builder.Build();
        app.UseStaticFiles(new StaticFileOptions { FileProvider = files });
        app.Run(context => context.Response.WriteAsync("Hello"));
        await app.RunAsync();
    }
}
