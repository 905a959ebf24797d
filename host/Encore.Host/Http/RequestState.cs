using System.Diagnostics;
using System.IO.Pipelines;
using Bridge.Core.Decoding;
using Bridge.Core.Isolates;
using Bridge.Core.Responses;
using Encore.Host.Logging;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Encore.Host.Http;

/// <summary>
/// A request as the handler sees it. The server keeps one for each connection (HTTP/2: for each stream) and uses it for request after request.
/// </summary>
/// <remarks>Thread: one at a time, whichever the request is on.</remarks>
internal sealed class RequestState : IRequestHeaders, IResponseHead, ICallSource
{
    private const string TraceHeader = "x-encore-trace-id";

    private readonly IHttpRequestFeature _request;
    private readonly IHttpResponseFeature _response;
    private readonly IHttpResponseBodyFeature _responseBody;
    private readonly IRequestBodyPipeFeature _requestBody;
    private readonly IHttpRequestLifetimeFeature _lifetime;
    private readonly CancellationToken _connectionClosed;
    private readonly bool _isStream;
    private BodyReader? _body;
    private Range[] _pathValues = [];
    private long _started;

    /// <param name="features">What the server gives for the request; its features stay the same for the connection's life.</param>
    public RequestState(IFeatureCollection features)
    {
        Features = features;
        _request = features.GetRequiredFeature<IHttpRequestFeature>();
        _response = features.GetRequiredFeature<IHttpResponseFeature>();
        _responseBody = features.GetRequiredFeature<IHttpResponseBodyFeature>();
        _requestBody = features.GetRequiredFeature<IRequestBodyPipeFeature>();
        _lifetime = features.GetRequiredFeature<IHttpRequestLifetimeFeature>();

        // The connection's token, not the request's: it is made once, and with HTTP/1.1 a client leaves by closing its connection.
        _connectionClosed = features.Get<IConnectionLifetimeFeature>()?.ConnectionClosed ?? CancellationToken.None;
        _isStream = features.Get<IHttp2StreamIdFeature>() is not null;
    }

    /// <summary>All that the server gives for the request.</summary>
    public IFeatureCollection Features { get; }

    /// <summary>Cancelled when the client has left; with HTTP/2 it may leave a request and keep the connection.</summary>
    public CancellationToken ClientGone => _isStream ? _lifetime.RequestAborted : _connectionClosed;

    /// <summary>How the answer may be compressed; null for not at all.</summary>
    public AnswerCompression? Compression { get; set; }

    /// <summary>Where the answer's body goes, for those who send files.</summary>
    public IHttpResponseBodyFeature ResponseBody => _responseBody;

    /// <summary>The answer's status so far.</summary>
    public int Status => _response.StatusCode;

    /// <summary>The request's trace.</summary>
    public TraceId Trace { get; private set; }

    /// <summary>The request's own part of the trace.</summary>
    public SpanId Span { get; private set; }

    /// <summary>The endpoint that serves the request, once it is known.</summary>
    public EndpointRoute? Route { get; set; }

    /// <summary>The exchange of a raw endpoint; null for others.</summary>
    public Raw.RawExchange? Exchange { get; set; }

    /// <summary>Who makes the request, once the auth handler has said so.</summary>
    public string? UserId { get; set; }

    /// <summary>The request's headers.</summary>
    public IHeaderDictionary RequestHeaders => _request.Headers;

    /// <summary>Time since the request's head was read.</summary>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_started);

    /// <summary>The request's method.</summary>
    public string Method => _request.Method;

    /// <summary>The protocol: "HTTP/1.1".</summary>
    public string Protocol => _request.Protocol;

    /// <summary>Whether the connection is encrypted.</summary>
    public bool IsEncrypted => _request.Scheme == "https";

    /// <summary>The request's target as the client wrote it.</summary>
    public string RawTarget => _request.RawTarget;

    /// <summary>The declared length of the request's body, if any.</summary>
    public long? ContentLength => _request.Headers.ContentLength;

    /// <summary>The request's body, unread.</summary>
    public PipeReader BodyPipe => _requestBody.Reader;

    /// <summary>Reads the request's body.</summary>
    public BodyReader Body => _body ??= new BodyReader();

    /// <summary>The body, once it is read and until it is released; empty for none.</summary>
    public ReadOnlySpan<byte> BodyBytes => _body is null ? default : _body.Bytes;

    /// <summary>Reads the whole body into <see cref="Body"/>, decoded where the client has encoded it.</summary>
    /// <param name="limit">More bytes than this, decoded, are <see cref="BodyStatus.TooLarge"/>.</param>
    public ValueTask<BodyStatus> ReadBodyAsync(long limit) =>
        _request.Headers.ContentEncoding.Count == 0
            ? Body.ReadAsync(BodyPipe, ContentLength, limit)
            : EncodedBody.ReadAsync(Body, BodyPipe, _request.Headers.ContentEncoding, limit);

    /// <summary>Gives the body's bytes back, if it was read.</summary>
    public void ReleaseBody() => _body?.Release();

    /// <summary>Where in the target's path the values of the route's parameters are.</summary>
    public ReadOnlySpan<Range> PathValues => _pathValues.AsSpan(0, PathValueCount);

    /// <summary>How many path values the route has.</summary>
    public int PathValueCount { get; set; }

    /// <summary>The answer's headers.</summary>
    public IHeaderDictionary ResponseHeaders => _response.Headers;

    /// <summary>Where the answer's body goes once it is started.</summary>
    public PipeWriter ResponseWriter => _responseBody.Writer;

    /// <summary>Whether the answer's head is on its way and can't be changed any more.</summary>
    public bool HasResponseStarted => _response.HasStarted;

    /// <summary>Starts with a new request.</summary>
    public void Begin()
    {
        _started = Stopwatch.GetTimestamp();
        PathValueCount = 0;
        Route = null;
        UserId = null;
        Exchange = null;
        var parent = _request.Headers.TraceParent;
        Trace = parent.Count == 1 ? TraceId.FromTraceParent(parent[0]) : default;
        if (!Trace.IsPresent)
        {
            Trace = TraceId.Create();
        }

        Span = SpanId.Create();

        _response.Headers[TraceHeader] = Trace.ToString();
    }

    /// <summary>Room for a search to put path values in.</summary>
    /// <param name="count">The most that any route has.</param>
    public Span<Range> RoomForPathValues(int count)
    {
        if (_pathValues.Length < count)
        {
            _pathValues = new Range[count];
        }

        return _pathValues;
    }

    /// <summary>Fixes the head: what is written from now on goes straight to the connection's buffer.</summary>
    public void StartResponse()
    {
        // Nothing is flushed and nobody has asked to be told, so the server has nothing to wait for.
        if (!_responseBody.StartAsync().IsCompletedSuccessfully)
        {
            throw new UnreachableException("The server couldn't start the response at once.");
        }
    }

    /// <summary>Ends the connection without an answer: there is nobody to receive one.</summary>
    public void Abort() => _lifetime.Abort();

    /// <summary>A request header's value, its lines joined by commas (RFC 9110, section 5.3); null if there is none.</summary>
    public string? Find(string lowerCaseName) =>
        _request.Headers.TryGetValue(lowerCaseName, out var lines) && lines.Count > 0 ? lines.ToString() : null;

    /// <inheritdoc/>
    public string? Find(string lowerCaseName, int index) =>
        _request.Headers.TryGetValue(lowerCaseName, out var lines) && index < lines.Count ? lines[index] : null;

    /// <inheritdoc/>
    public string Describe() => RequestDescription.Write(this);

    /// <inheritdoc/>
    public void SetStatus(int status) => _response.StatusCode = status;

    /// <inheritdoc/>
    public void AddHeader(string name, string value) => _response.Headers.Append(name, value);
}
