using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Bridge.Engine.Tests.Fetch;

/// <summary>What servers do in more than one test.</summary>
internal static class ServerBehaviour
{
    internal static async Task UntilAbortedAsync(HttpContext context, TaskCompletionSource aborted)
    {
        try
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        }
        finally
        {
            aborted.SetResult();
        }
    }

    internal static async Task ServeOnceAsync(TcpListener listener, string answer)
    {
        using var client = await listener.AcceptTcpClientAsync();
        await using var stream = client.GetStream();
        Assert.NotEqual(0, await stream.ReadAtLeastAsync(new byte[4096], 1));
        await stream.WriteAsync(Encoding.ASCII.GetBytes(answer));
    }
}
