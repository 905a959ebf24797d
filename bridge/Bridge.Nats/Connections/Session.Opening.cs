using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text.Json;
using Bridge.Core.PubSub;
using Bridge.Nats.Protocol;

namespace Bridge.Nats.Connections;

/// <content>How a session comes about.</content>
internal sealed partial class Session
{
    /// <summary>Connects to a server and enters.</summary>
    /// <param name="address">The server.</param>
    /// <param name="options">How to enter.</param>
    /// <param name="deliver">Gets the messages of subscriptions, one at a time, and must not wait.</param>
    /// <param name="cancellation">Ends the try.</param>
    /// <exception cref="BrokerException">The server can't be reached, or refuses.</exception>
    internal static async Task<Session> OpenAsync(ServerAddress address, NatsBrokerOptions options, Action<NatsMessage> deliver, CancellationToken cancellation)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(options.ConnectTimeout);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address.Host, address.Port, timeout.Token);
            return await EnterAsync(socket, address, options, deliver, timeout.Token);
        }
        catch (Exception error)
        {
            socket.Dispose();
            throw error switch
            {
                OperationCanceledException when cancellation.IsCancellationRequested => error,
                OperationCanceledException => new BrokerException($"NATS at {address} doesn't answer within {options.ConnectTimeout.TotalSeconds} s.", CheckServer, inner: error),
                SocketException or IOException => new BrokerException($"NATS at {address} can't be reached: {error.Message}", CheckServer, inner: error),
                NatsProtocolException => new BrokerException($"NATS at {address}: {error.Message}.", CheckServer, isTransient: false, error),
                _ => error,
            };
        }
    }

    private const string CheckServer = "See that a NATS server runs there and that the address in the configuration is right.";

    private static async Task<Session> EnterAsync(Socket socket, ServerAddress address, NatsBrokerOptions options, Action<NatsMessage> deliver, CancellationToken cancellation)
    {
        Stream stream = new NetworkStream(socket, ownsSocket: true);
        var reader = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));
        var info = ServerInfo.Parse((await NextAsync(reader, FrameKind.Info, address, cancellation)).Text);
        var isEncrypted = address.RequiresTls || info.RequiresTls;
        if (isEncrypted)
        {
            if (!info.RequiresTls && !info.OffersTls)
            {
                throw new BrokerException($"NATS at {address} doesn't encrypt, and its address asks for it.", "Give the server a certificate, or write nats:// in place of tls://.", isTransient: false);
            }

            // The server is silent until the handshake, so that the reader holds nothing that belongs to it.
            await reader.CompleteAsync();
            stream = await TlsUpgrade.EncryptAsync(stream, address, options.Tls, cancellation);
            reader = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true, bufferSize: ReadSize));
        }

        if (!info.TakesHeaders)
        {
            throw new BrokerException($"NATS at {address} is version {info.Version}, which knows no headers.", "JetStream with pull consumers needs nats-server 2.9 or newer.", isTransient: false);
        }

        var session = new Session(address, info, stream, reader, deliver);
        session._output.Write(Describe(address, options, isEncrypted), static (output, json) =>
        {
            FrameWriter.Connect(output, json);
            FrameWriter.Ping(output);
        });
        session.Begin();
        try
        {
            await session.WhenEnteredAsync(cancellation);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    private static byte[] Describe(ServerAddress address, NatsBrokerOptions options, bool isEncrypted)
    {
        var client = new ClientInfo
        {
            Name = options.ClientName,
            Version = typeof(Session).Assembly.GetName().Version!.ToString(3),
            RequiresTls = isEncrypted,
            User = address.Token is null ? address.User : null,
            Password = address.Token is null ? address.Password : null,
            Token = address.Token,
        };
        return JsonSerializer.SerializeToUtf8Bytes(client, ProtocolJson.Default.ClientInfo);
    }

    private static async Task<Frame> NextAsync(PipeReader reader, FrameKind kind, ServerAddress address, CancellationToken cancellation)
    {
        while (true)
        {
            var result = await reader.ReadAsync(cancellation);
            var buffer = result.Buffer;
            if (FrameReader.TryRead(ref buffer, out var frame))
            {
                reader.AdvanceTo(buffer.Start);
                return frame.Kind == kind ? frame : throw new NatsProtocolException($"the server begins with {frame.Kind} {frame.Text}");
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
            if (result.IsCompleted)
            {
                throw new BrokerException($"NATS at {address} ends the connection before it says what it is.", CheckServer);
            }
        }
    }
}
