using System.Buffers;
using System.Text.Json.Nodes;
using Encore.Host.Configuration;
using Encore.Host.Configuration.Infrastructure;
using Encore.Host.Logging;
using Microsoft.Extensions.Primitives;

namespace Encore.Host.Http.Cors;

/// <summary>
/// Which pages of other origins may call the application, and what browsers are told of it (Fetch Standard, section 3.3).
/// </summary>
/// <remarks>
/// A request with an Authorization or Cookie header comes with credentials: only origins listed for those may send it. A preflight doesn't
/// carry credentials itself; it asks for them by naming the Authorization header. Requests without an Origin header never get here.
/// Immutable. Thread: any.
/// </remarks>
internal sealed class CorsPolicy
{
    private const string AnyName = "*";

    private static readonly string[] AlwaysAllowed =
    [
        "accept", "authorization", "content-type", "origin", "user-agent", "x-correlation-id", "x-request-id", "x-requested-with",
    ];

    private static readonly string[] AlwaysExposed = ["x-request-id", "x-correlation-id", "x-encore-trace-id"];

    // A page on the developer's own machine, such as a frontend's development server.
    private static readonly string[] DeveloperOrigins = ["http://localhost", "http://localhost:*", "http://127.0.0.1", "http://127.0.0.1:*"];

    private static readonly StringValues True = "true";
    private static readonly StringValues OriginHeader = "Origin";
    private static readonly StringValues PreflightVary = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers";

    // What an answer repeats is a token (RFC 9110, section 5.6.2) or a list of them, an origin is visible ASCII: nothing else is sent back.
    private static readonly SearchValues<char> TokenList = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ, ");

    private readonly OriginSet _withCredentials;
    private readonly OriginSet _withoutCredentials;
    private readonly StringValues _allowHeaders;
    private readonly StringValues _exposeHeaders;
    private readonly bool _allowsAnyHeader;
    private readonly LogSink? _debug;

    private CorsPolicy(CorsConfig config, SchemaHeaders headers, HostEnvironment environment, LogSink log)
    {
        var developers = environment == HostEnvironment.Development ? DeveloperOrigins : [];
        _withCredentials = new OriginSet(config.AllowOriginsWithCredentials ?? developers);
        _withoutCredentials = new OriginSet(config.AllowOriginsWithoutCredentials ?? [AnyName]);
        _allowsAnyHeader = config.AllowHeaders.Contains(AnyName);
        _allowHeaders = Join(AlwaysAllowed, headers.Requests, config.AllowHeaders);
        _exposeHeaders = Join(AlwaysExposed, headers.Answers, config.ExposeHeaders);
        _debug = config.Debug ? log : null;
    }

    /// <summary>Makes the policy.</summary>
    /// <param name="config">What is configured.</param>
    /// <param name="headers">The header fields in the application's schemas.</param>
    /// <param name="environment">In development pages on the own machine may send credentials, unless the configuration lists others.</param>
    /// <param name="log">Told of refused origins, where the configuration says so.</param>
    public static CorsPolicy Compile(CorsConfig config, SchemaHeaders headers, HostEnvironment environment, LogSink log) =>
        new(config, headers, environment, log);

    /// <summary>Answers a preflight, or adds to the answer of any other request with an Origin header what its page may know.</summary>
    /// <returns>Whether the request has its answer.</returns>
    public bool Apply(RequestState request)
    {
        var origin = request.RequestHeaders.Origin.ToString();
        var isPreflight = HttpMethods.IsOptions(request.Method) && request.RequestHeaders.AccessControlRequestMethod.Count > 0;
        var answer = request.ResponseHeaders;
        answer.Append("Vary", isPreflight ? PreflightVary : OriginHeader);
        var allowsCredentials = _withCredentials.Has(origin);
        if (IsPrintable(origin) && (allowsCredentials || (!HasCredentials(request) && _withoutCredentials.Has(origin))))
        {
            answer.AccessControlAllowOrigin = origin;
            if (allowsCredentials)
            {
                answer.AccessControlAllowCredentials = True;
            }

            Allow(request, isPreflight);
        }
        else
        {
            _debug?.Write(new LogEntry
            {
                Severity = LogSeverity.Info,
                Message = "cors: this origin may not call",
                FieldsJson = new JsonObject { ["origin"] = origin, ["method"] = request.Method, ["credentials"] = HasCredentials(request) }.ToJsonString(),
            });
        }

        if (isPreflight)
        {
            request.SetStatus(StatusCodes.Status204NoContent);
        }

        return isPreflight;
    }

    /// <summary>
    /// Whether a page of the request's origin may open a stream. Browsers ask nobody before they open a WebSocket and send cookies along, so
    /// that another site's page could speak for its visitor: the server has to refuse it (RFC 6455, section 10.2).
    /// </summary>
    /// <returns>True for the application's own pages, for what is no browser, and for origins that may call with what the request brings.</returns>
    public bool MayOpenStream(RequestState request)
    {
        var origin = request.RequestHeaders.Origin.ToString();
        return origin.Length == 0
            || IsOwn(origin, request.RequestHeaders.Host.ToString())
            || _withCredentials.Has(origin)
            || (!HasCredentials(request) && _withoutCredentials.Has(origin));
    }

    private static bool IsOwn(string origin, string host) =>
        host.Length > 0 && Uri.TryCreate(origin, UriKind.Absolute, out var uri) && string.Equals(uri.Authority, host, StringComparison.OrdinalIgnoreCase);

    private void Allow(RequestState request, bool isPreflight)
    {
        var answer = request.ResponseHeaders;
        if (!isPreflight)
        {
            answer.AccessControlExposeHeaders = _exposeHeaders;
            return;
        }

        var method = request.RequestHeaders.AccessControlRequestMethod.ToString();
        if (!method.AsSpan().ContainsAnyExcept(TokenList))
        {
            answer.AccessControlAllowMethods = method;
        }

        var wanted = request.RequestHeaders.AccessControlRequestHeaders.ToString();
        answer.AccessControlAllowHeaders =
            _allowsAnyHeader && wanted.Length > 0 && !wanted.AsSpan().ContainsAnyExcept(TokenList) ? wanted : _allowHeaders;
    }

    private static bool HasCredentials(RequestState request) =>
        request.RequestHeaders.Authorization.Count > 0
        || request.RequestHeaders.Cookie.Count > 0
        || (request.RequestHeaders.AccessControlRequestHeaders is { Count: > 0 } headers && NamesAuthorization(headers.ToString()));

    private static bool NamesAuthorization(ReadOnlySpan<char> headers)
    {
        foreach (var range in headers.Split(','))
        {
            if (headers[range].Trim().Equals("authorization", StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsPrintable(string origin) => !origin.AsSpan().ContainsAnyExceptInRange('!', '~');

    private static string Join(params IEnumerable<string>[] names) =>
        string.Join(", ", names.SelectMany(list => list).Select(name => name.ToLowerInvariant()).Distinct(StringComparer.Ordinal));
}
