using System.Text;
using System.Text.Json;
using Bridge.Core.Buffers;
using Bridge.Core.Decoding;
using Bridge.Core.Isolates;
using Bridge.Core.Responses;
using Bridge.Core.Schema;
using Encore.Host.Http;
using Encore.Host.Logging;
using Encore.Host.Routing;
using Encore.Host.Streams;

namespace Encore.Host.ServiceCalls;

/// <summary>An endpoint of this process as other hosts call it: exposed or not, all its parameters in one object. Immutable. Thread: any.</summary>
internal sealed class InternalEndpoint
{
    private readonly MessagePlan? _request;
    private readonly MessagePlan? _authData;
    private readonly ResponsePlan? _answer;
    private readonly string _method;
    private readonly string _path;

    private InternalEndpoint(Application application, EndpointSchema endpoint, EndpointRoute route, MessagePlan? authData)
    {
        Route = route;
        _authData = authData;
        _request = endpoint.HasRequest ? MessagePlan.Compile(application, endpoint.Request, endpoint.Sensitive) : null;
        _answer = endpoint.HasResponse ? ResponsePlan.CompileMessage(application, endpoint.Response) : null;
        _method = EndpointRoutes.MethodsOf(endpoint).First().Name();
        _path = RoutePath.Describe(endpoint.Path);
    }

    /// <summary>The endpoint as the log names it.</summary>
    public EndpointRoute Route { get; }

    /// <summary>The endpoints that other hosts may call, by their <see cref="CallWire.NameOf"/>.</summary>
    public static Dictionary<string, InternalEndpoint> AllOf(Application application, EndpointRoutes routes)
    {
        var authData = AuthGate.HandlerOf(application) is { } handler ? MessagePlan.Compile(application, handler.AuthData, isSensitive: true) : null;
        var endpoints = new Dictionary<string, InternalEndpoint>(StringComparer.Ordinal);
        for (var id = 0; id < application.Endpoints.Count; id++)
        {
            var endpoint = application.Endpoints[id];
            if ((endpoint.Kind is EndpointKind.Typed or EndpointKind.Unspecified || StreamPlan.IsStream(endpoint)) && routes.OfEndpoint(id) is { } route)
            {
                endpoints.Add(CallWire.NameOf(route.Service, endpoint.Name), new InternalEndpoint(application, endpoint, route, authData));
            }
        }

        return endpoints;
    }

    /// <summary>Decodes a call's body.</summary>
    /// <param name="body">As <see cref="CallWire"/> has it.</param>
    /// <param name="payload">Gets what the isolate takes with <see cref="HandlerRequest.BringsAuthData"/>.</param>
    /// <returns>Why the endpoint can't be called; null where it can.</returns>
    public ErrorAnswer? Decode(ReadOnlySpan<byte> body, PooledBuffer payload)
    {
        if (!TrySplit(body, out var auth, out var parameters))
        {
            return new ErrorAnswer(Bridge.Core.Errors.ErrorCode.InvalidArgument, "the call's body isn't one that hosts write") { IsFromGateway = true };
        }

        var isAnonymous = auth.SequenceEqual("null"u8);
        if (isAnonymous && Route.NeedsAuth)
        {
            return Refusals.NoCredentials;
        }

        payload.Write((byte)'[');
        if (isAnonymous || _authData is null)
        {
            payload.Write(auth);
        }
        else if (_authData.Decode(auth, payload) is { } stranger)
        {
            return Refusals.Decode(stranger);
        }

        payload.Write((byte)',');
        if (_request is null)
        {
            payload.Write("null"u8);
        }
        else if (_request.Decode(parameters, payload) is { } failure)
        {
            return Refusals.Decode(failure);
        }

        payload.Write((byte)']');
        return null;
    }

    /// <summary>Writes what the handler answered; nothing where that is nothing.</summary>
    /// <returns>Why it can't be sent; null where it can.</returns>
    public string? Encode(ReadOnlySpan<byte> answer, PooledBuffer body) =>
        _answer is null || answer.IsEmpty ? null : _answer.Encode(answer, body, NoHead.Instance).Error;

    /// <summary>What <c>currentRequest()</c> shows of a call: the endpoint as it is declared, since there is no client's request.</summary>
    public ICallSource SourceOf(RequestState request) => new CallSource(this, request);

    private static bool TrySplit(ReadOnlySpan<byte> body, out ReadOnlySpan<byte> auth, out ReadOnlySpan<byte> parameters)
    {
        auth = parameters = default;
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = int.MaxValue });
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
            {
                return false;
            }

            auth = body[Next(ref reader)];
            parameters = body[Next(ref reader)];
            return reader.Read() && reader.TokenType == JsonTokenType.EndArray && !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static Range Next(scoped ref Utf8JsonReader reader)
    {
        reader.Read();
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return start..(int)reader.BytesConsumed;
    }

    private sealed class CallSource(InternalEndpoint endpoint, RequestState request) : ICallSource
    {
        public string Describe()
        {
            using var text = new PooledBuffer();
            using (var json = new Utf8JsonWriter(text))
            {
                json.WriteStartObject();
                json.WriteString("method", endpoint._method);
                json.WriteString("path", endpoint._path);
                json.WriteString("pathAndQuery", endpoint._path);
                json.WriteStartObject("pathParams");
                foreach (var name in endpoint.Route.PathNames)
                {
                    // The script puts the request's own values in their places.
                    json.WriteString(name, "");
                }

                json.WriteEndObject();
                json.WriteStartObject("headers");
                json.WriteEndObject();
                RequestDescription.WriteOrigin(json, request);
                json.WriteEndObject();
            }

            return Encoding.UTF8.GetString(text.Written);
        }
    }
}
