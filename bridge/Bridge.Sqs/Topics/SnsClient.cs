using System.Net;
using System.Net.Http.Headers;
using System.Xml;
using System.Xml.Linq;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Auth;
using Bridge.Core.PubSub;

namespace Bridge.Sqs.Topics;

/// <summary>Asks SNS by its query API. Thread: any.</summary>
/// <param name="connection">Where SNS is, and what signs requests.</param>
internal sealed class SnsClient(AwsConnection connection) : IDisposable
{
    private static readonly XmlReaderSettings Xml = new() { DtdProcessing = DtdProcessing.Prohibit, Async = true };

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        ConnectTimeout = TimeSpan.FromSeconds(5),
        UseCookies = false,
    })
    {
        Timeout = TimeSpan.FromSeconds(30),
    };

    /// <summary>Sends a request, again where a failure may pass.</summary>
    /// <param name="what">What it is for, for people: "publishing to topic orders".</param>
    /// <param name="form">The request.</param>
    /// <param name="isRepeatable">Whether it does the same when it is done twice; otherwise only what certainly wasn't done is tried again.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The response's result, without namespaces: <c>&lt;PublishBatchResult&gt;…</c>.</returns>
    /// <exception cref="BrokerException">SNS can't be reached, or refuses.</exception>
    public Task<XElement> SendAsync(string what, SnsForm form, bool isRepeatable, CancellationToken cancellation)
    {
        var body = form.ToBytes();
        return Persistence.RunAsync(
            () => TryAsync(what, form.Action, body, cancellation),
            error => error.IsTransient && (isRepeatable || WasNotDone(error)),
            connection.Time,
            cancellation);
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static bool WasNotDone(BrokerException error) => error.InnerException switch
    {
        SnsRefusalException refusal => AwsFailures.IsThrottle(refusal.Code, refusal.Status) || refusal.Status == HttpStatusCode.ServiceUnavailable,
        HttpRequestException network => network.HttpRequestError
            is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError,
        _ => false,
    };

    private async Task<XElement> TryAsync(string what, string action, byte[] body, CancellationToken cancellation)
    {
        try
        {
            using var request = await SignAsync(body);
            using var response = await _http.SendAsync(request, cancellation);
            using var reader = XmlReader.Create(await response.Content.ReadAsStreamAsync(cancellation), Xml);
            var root = await XElement.LoadAsync(reader, LoadOptions.None, cancellation);
            if (!response.IsSuccessStatusCode)
            {
                throw Refusal(what, root, response.StatusCode);
            }

            return Child(root, action + "Result") ?? root;
        }
        catch (Exception error) when (error is HttpRequestException or XmlException or IOException or AmazonClientException
            || (error is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            throw AwsFailures.Translate(what, error);
        }
    }

    private static BrokerException Refusal(string what, XElement root, HttpStatusCode status)
    {
        var error = Child(root, "Error") ?? root;
        var code = Child(error, "Code")?.Value ?? $"{(int)status}";
        var message = Child(error, "Message")?.Value ?? "SNS didn't say why";
        return AwsFailures.Refusal(what, code, message, status, new SnsRefusalException(code, message, status));
    }

    /// <summary>A child by its name in whichever namespace.</summary>
    public static XElement? Child(XElement parent, string name) =>
        parent.Elements().FirstOrDefault(child => string.Equals(child.Name.LocalName, name, StringComparison.Ordinal));

    private async Task<HttpRequestMessage> SignAsync(byte[] body)
    {
        var credentials = await connection.CredentialsAsync();
        var draft = new DefaultRequest(new SnsRequest(), "sns")
        {
            Endpoint = connection.SnsEndpoint,
            ResourcePath = "/",
            HttpMethod = "POST",
            Content = body,
            AuthenticationRegion = connection.Region,
            OverrideSigningServiceName = "sns",
        };
        draft.Headers["Content-Type"] = "application/x-www-form-urlencoded; charset=utf-8";
        if (credentials.UseToken)
        {
            draft.Headers["x-amz-security-token"] = credentials.Token;
        }

        var signature = new AWS4Signer().SignRequest(draft, connection.Config, metrics: null, credentials.AccessKey, credentials.SecretKey);
        var request = new HttpRequestMessage(HttpMethod.Post, connection.SnsEndpoint) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(draft.Headers["Content-Type"]);
        foreach (var (name, value) in draft.Headers.Where(header => header.Key.StartsWith("x-amz-", StringComparison.OrdinalIgnoreCase)))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        request.Headers.TryAddWithoutValidation("Authorization", signature.ForAuthorizationHeader);
        return request;
    }

    /// <summary>What the signer wants to know of a request that has no class of its own: nothing.</summary>
    private sealed class SnsRequest : AmazonWebServiceRequest;
}
