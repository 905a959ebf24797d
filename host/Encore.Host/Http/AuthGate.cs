using Bridge.Core.Buffers;
using Bridge.Core.Decoding;
using Bridge.Core.Schema;

namespace Encore.Host.Http;

/// <summary>
/// Whether a request brings credentials, and what of it the application's auth handler gets. The handler itself runs in the isolate, in the
/// same turn as the endpoint.
/// </summary>
/// <remarks>Immutable. Thread: any.</remarks>
public sealed class AuthGate
{
    private readonly RequestPlan? _params;

    private AuthGate(RequestPlan? parameters) => _params = parameters;

    /// <summary>Whether there is no auth handler.</summary>
    public bool AsksNobody => _params is null;

    /// <summary>Compiles the gate of an application; without an auth handler, nobody has credentials.</summary>
    public static AuthGate Compile(Application application)
    {
        ArgumentNullException.ThrowIfNull(application);
        return new AuthGate(HandlerOf(application) is { } handler ? RequestPlan.Compile(application, handler) : null);
    }

    /// <summary>The auth handler that the application's gateway names; null for none.</summary>
    public static AuthHandlerSchema? HandlerOf(Application application)
    {
        ArgumentNullException.ThrowIfNull(application);
        var gateway = application.Gateways.FirstOrDefault(gateway => gateway.HasAuthHandler);
        return gateway is null ? null : application.AuthHandlers[(int)gateway.AuthHandler];
    }

    /// <summary>Whether the auth handler has anything to look at: one of its parameters came, or it has none and looks at every request.</summary>
    /// <param name="parts">The request.</param>
    /// <param name="scratch">Space to work in; as it was afterwards.</param>
    public bool IsAsked(in RequestParts parts, PooledBuffer scratch) =>
        _params is not null && (!_params.HasParameters || _params.HasAny(parts, scratch));

    /// <summary>Decodes the auth handler's parameters.</summary>
    /// <param name="parts">The request.</param>
    /// <param name="output">Gets them appended; <c>null</c> where it has none.</param>
    /// <returns>Null when they are valid.</returns>
    public DecodeFailure? Decode(in RequestParts parts, PooledBuffer output)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (_params is { HasParameters: true } plan)
        {
            return plan.Decode(parts, output);
        }

        output.Write("null"u8);
        return null;
    }
}
