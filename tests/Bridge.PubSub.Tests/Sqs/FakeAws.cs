using System.Collections.Concurrent;
using System.Collections.Specialized;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Bridge.Sqs;

namespace Bridge.PubSub.Tests.Sqs;

/// <summary>An HTTP server in AWS's place, for what the real protocol does and no test server shows.</summary>
internal sealed class FakeAws : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Func<FakeRequest, (int Status, string Body)> _answer;

    public FakeAws(Func<FakeRequest, (int Status, string Body)> answer)
    {
        _answer = answer;
        Address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort()}/"));
        _listener.Prefixes.Add(Address.ToString());
        _listener.Start();
        _ = ServeAsync();
    }

    public Uri Address { get; }

    public ConcurrentQueue<FakeRequest> Requests { get; } = [];

    public SqsBrokerOptions Options => new()
    {
        Region = "eu-west-1",
        Endpoint = Address,
        AccessKeyId = "AKIDEXAMPLE",
        SecretAccessKey = "secret",
        LongPoll = TimeSpan.FromSeconds(1),
    };

    public void Dispose() => _listener.Close();

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            _ = AnswerAsync(context);
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        using var reader = new StreamReader(context.Request.InputStream, Encoding.UTF8);
        var request = new FakeRequest(
            context.Request.Headers["X-Amz-Target"]?.Split('.')[^1] ?? "", context.Request.Headers, context.Request.Url!, await reader.ReadToEndAsync());
        Requests.Enqueue(request);
        var (status, body) = _answer(request);
        context.Response.StatusCode = status;
        await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(body));
        context.Response.Close();
    }
}

/// <summary>What was asked of <see cref="FakeAws"/>.</summary>
/// <param name="Action">Of SQS, the action; "" for SNS, which has it in its form.</param>
/// <param name="Headers">The headers.</param>
/// <param name="Url">The URL.</param>
/// <param name="Body">The body.</param>
internal sealed record FakeRequest(string Action, NameValueCollection Headers, Uri Url, string Body);
