using System.Globalization;

namespace Features.Load;

/// <summary>
/// Load for WebSockets: <c>echo PORT TARGET SOCKETS WARMUP SECONDS</c> sends messages and waits for them to come back, says <c>warm</c> and then what it measured; <c>idle PORT TARGET
/// SOCKETS</c> opens sockets and keeps them until its input ends.
/// </summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        if (arguments is not [var kind, var port, var target, var count, .. var times])
        {
            Console.Error.WriteLine("usage: features-load echo PORT TARGET SOCKETS WARMUP SECONDS | idle PORT TARGET SOCKETS");
            return 2;
        }

        var sockets = new EchoSocket[Number(count)];
        for (var i = 0; i < sockets.Length; i++)
        {
            sockets[i] = EchoSocket.Open(Number(port), target);
        }

        if (kind == "idle")
        {
            Console.WriteLine("open");
            _ = Console.In.ReadToEnd();
        }
        else
        {
            new EchoLoad(sockets).Run(TimeSpan.FromSeconds(Number(times[0])));
            Console.WriteLine("warm");
            Console.WriteLine(new EchoLoad(sockets).Run(TimeSpan.FromSeconds(Number(times[1]))).ToJson());
        }

        return 0;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
