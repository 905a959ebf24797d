using System.Globalization;
using System.Net;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Bridge.PubSub.Tests.AzureServiceBus;

/// <content>Topics and subscriptions over HTTP.</content>
internal sealed partial class FakeServiceBus
{
    private static readonly XNamespace Service = "http://schemas.microsoft.com/netservices/2010/10/servicebus/connect";
    private static readonly XNamespace Atom = "http://www.w3.org/2005/Atom";

    private readonly Dictionary<string, XElement> _descriptions = new(StringComparer.OrdinalIgnoreCase);

    private async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _http.GetContextAsync();
            }
            catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            using var reader = new StreamReader(context.Request.InputStream);
            var (status, text) = Serve(context.Request, await reader.ReadToEndAsync());
            context.Response.StatusCode = status;
            context.Response.ContentType = "application/atom+xml";
            await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(text));
            context.Response.Close();
        }
    }

    private (int Status, string Text) Serve(HttpListenerRequest request, string body)
    {
        var path = request.Url!.AbsolutePath.Trim('/');
        var token = request.Headers["Authorization"] ?? "";
        if (FakePolicy.Check(Policies, token, $"sb://{Host}/{path}", DateTimeOffset.UtcNow) is not { } known || !known.Policy.CanManage)
        {
            return (401, "<Error><Code>401</Code><Detail>Manage claims are required.</Detail></Error>");
        }

        lock (_lock)
        {
            return request.HttpMethod switch
            {
                "GET" => _descriptions.TryGetValue(path, out var there) ? (200, Entry(there)) : (200, new XElement(Atom + "feed").ToString()),
                "PUT" when _descriptions.ContainsKey(path) => (409, "<Error><Code>409</Code><Detail>It is there already.</Detail></Error>"),
                "PUT" => Make(path, XDocument.Parse(body).Root!.Element(Atom + "content")!.Elements().Single()),
                _ => (405, ""),
            };
        }
    }

    private (int Status, string Text) Make(string path, XElement description)
    {
        string? Value(string name) => description.Element(Service + name)?.Value;
        var parts = path.Split(Subscriptions);
        if (parts.Length == 1)
        {
            MakeTopic(path, Value("RequiresDuplicateDetection") == "true" ? XmlConvert.ToTimeSpan(Value("DuplicateDetectionHistoryTimeWindow")!) : null);
        }
        else if (!_topics.ContainsKey(parts[0]))
        {
            return (404, "<Error><Code>404</Code><Detail>There is no such topic.</Detail></Error>");
        }
        else
        {
            if (parts[1].Length > 50)
            {
                return (400, "<Error><Code>400</Code><Detail>The name is too long.</Detail></Error>");
            }

            MakeSubscription(
                parts[0],
                parts[1],
                XmlConvert.ToTimeSpan(Value("LockDuration")!),
                Value("RequiresSession") == "true",
                uint.Parse(Value("MaxDeliveryCount")!, CultureInfo.InvariantCulture),
                description.Element(Service + "DefaultRuleDescription")?.Element(Service + "Filter")?.Element(Service + "SqlExpression")?.Value);
        }

        _descriptions[path] = description;
        return (201, Entry(description));
    }

    private static string Entry(XElement description) =>
        new XElement(Atom + "entry", new XElement(Atom + "content", new XAttribute("type", "application/xml"), description)).ToString();
}
