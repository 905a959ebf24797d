using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using Bridge.AzureServiceBus.Connections;
using Bridge.Core.PubSub;

namespace Bridge.AzureServiceBus.Provisioning;

/// <summary>Reads and makes a namespace's entities over HTTP. Thread: any.</summary>
// https://learn.microsoft.com/rest/api/servicebus/entities
internal sealed class EntityClient : IDisposable
{
    /// <summary>The name space of entities' descriptions.</summary>
    internal static readonly XNamespace Service = "http://schemas.microsoft.com/netservices/2010/10/servicebus/connect";

    private const string Version = "api-version=2021-05";
    private const int MaxAnswer = 500;
    private static readonly XNamespace Atom = "http://www.w3.org/2005/Atom";
    private static readonly TimeSpan TokenTime = TimeSpan.FromMinutes(20);

    private readonly ServiceBusConnection _connection;
    private readonly Uri _endpoint;
    private readonly HttpClient _http;

    internal EntityClient(ServiceBusConnection connection)
    {
        _connection = connection;
        _endpoint = connection.Options.ManagementEndpoint ?? connection.Namespace.ManagementEndpoint;
        _http = new HttpClient { Timeout = connection.Options.AnswerTimeout };
    }

    /// <summary>Looks for an entity.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="kind">Its description's element.</param>
    /// <param name="cancellation">Ends the wait.</param>
    internal async Task<EntityAnswer> FindAsync(string path, string kind, CancellationToken cancellation)
    {
        var (status, text) = await SendAsync(HttpMethod.Get, path, body: null, cancellation);
        if (IsOk(status))
        {
            // Of an entity that isn't there, the service may answer with an empty list.
            var description = Parse(text)?.Descendants(Service + kind).FirstOrDefault();
            return new EntityAnswer(description is null ? EntityState.Missing : EntityState.There, description, "");
        }

        return new EntityAnswer(StateOf(status, path, text), Description: null, Explain(status, text));
    }

    /// <summary>Makes an entity.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="description">What it is to be.</param>
    /// <param name="cancellation">Ends the wait.</param>
    internal async Task<EntityAnswer> MakeAsync(string path, XElement description, CancellationToken cancellation)
    {
        var entry = new XElement(Atom + "entry", new XElement(Atom + "content", new XAttribute("type", "application/xml"), description));
        var (status, text) = await SendAsync(HttpMethod.Put, path, entry.ToString(SaveOptions.DisableFormatting), cancellation);

        // A conflict: another process has made it meanwhile.
        return IsOk(status) || status == HttpStatusCode.Conflict
            ? new EntityAnswer(EntityState.There, description, "")
            : new EntityAnswer(StateOf(status, path, text), Description: null, Explain(status, text));
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static bool IsOk(HttpStatusCode status) => (int)status is >= 200 and < 300;

    private static EntityState StateOf(HttpStatusCode status, string path, string text) => status switch
    {
        HttpStatusCode.NotFound => EntityState.Missing,
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.ServiceUnavailable => EntityState.Unknown,
        _ => throw new BrokerException(
            $"Azure Service Bus: {path}: {Explain(status, text)}", isTransient: (int)status >= 500 || status == HttpStatusCode.TooManyRequests),
    };

    private static string Explain(HttpStatusCode status, string text)
    {
        var detail = Parse(text)?.Descendants().FirstOrDefault(element => element.Name.LocalName == "Detail")?.Value ?? text;
        return $"HTTP {(int)status}: {(detail.Length > MaxAnswer ? detail[..MaxAnswer] : detail)}";
    }

    private static XDocument? Parse(string text)
    {
        try
        {
            return XDocument.Parse(text);
        }
        catch (XmlException)
        {
            return null;
        }
    }

    private async Task<(HttpStatusCode Status, string Text)> SendAsync(HttpMethod method, string path, string? body, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, new Uri(_endpoint, $"{path}?{Version}"));
        request.Headers.TryAddWithoutValidation("Authorization", _connection.Namespace.Sign(_connection.Time.GetUtcNow() + TokenTime));
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8);
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse("application/atom+xml;type=entry;charset=utf-8");
        }

        try
        {
            using var answer = await _http.SendAsync(request, cancellation);
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync(cancellation));
        }
        catch (Exception error) when (error is HttpRequestException || (error is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            // What is there can be seen without it.
            return (HttpStatusCode.ServiceUnavailable, $"{_endpoint} can't be reached: {error.Message}");
        }
    }
}

/// <summary>What is known of an entity.</summary>
/// <param name="State">Whether it is there.</param>
/// <param name="Description">What it is; null where that isn't known.</param>
/// <param name="Problem">Why it isn't known; "" where it is.</param>
internal readonly record struct EntityAnswer(EntityState State, XElement? Description, string Problem)
{
    /// <summary>Whether a switch of the description is on.</summary>
    internal bool IsOn(string name) => string.Equals(Description?.Element(EntityClient.Service + name)?.Value, "true", StringComparison.OrdinalIgnoreCase);
}

/// <summary>Whether an entity is there.</summary>
internal enum EntityState
{
    /// <summary>This process can't look, or can't make it.</summary>
    Unknown,

    /// <summary>It isn't.</summary>
    Missing,

    /// <summary>It is.</summary>
    There,
}
