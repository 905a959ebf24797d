using Bridge.Core.Buffers;
using Bridge.Core.Decoding;

namespace Encore.Host.Http;

/// <summary>Puts together what the isolate gets for a request: the auth handler's parameters, where it is asked, and the endpoint's.</summary>
internal static class CallPayload
{
    /// <summary>Decodes a request.</summary>
    /// <param name="parts">The request.</param>
    /// <param name="auth">The application's auth handler.</param>
    /// <param name="route">The endpoint.</param>
    /// <param name="authenticates">Whether the auth handler decides first.</param>
    /// <param name="payload">What the isolate gets: the caller's to pass on; null for nothing.</param>
    /// <returns>
    /// Why the endpoint can't be called; null where it can. Where the auth handler decides first, the payload still holds its parameters.
    /// </returns>
    public static ErrorAnswer? Decode(
        in RequestParts parts, AuthGate auth, EndpointRoute route, out bool authenticates, out PooledBuffer? payload)
    {
        authenticates = false;
        payload = null;
        if (!route.Request.HasParameters && auth.AsksNobody)
        {
            return route.NeedsAuth ? Refusals.NoCredentials : null;
        }

        var output = new PooledBuffer();
        authenticates = auth.IsAsked(parts, output);
        var refusal = authenticates ? DecodeBoth(parts, auth, route, output, ref authenticates)
            : route.NeedsAuth ? Refusals.NoCredentials
            : DecodeRequest(parts, route, output);
        if (output.Length > 0 && (refusal is null || authenticates))
        {
            payload = output;
        }
        else
        {
            output.Dispose();
        }

        return refusal;
    }

    /// <summary>Decodes the auth handler's parameters alone, of a request that brings credentials.</summary>
    /// <param name="parts">The request; its body isn't read.</param>
    /// <param name="auth">The application's auth handler.</param>
    /// <param name="payload">What the isolate gets; null where they are refused.</param>
    /// <returns>Why the handler can't be asked; null where it can.</returns>
    public static ErrorAnswer? DecodeCaller(in RequestParts parts, AuthGate auth, out PooledBuffer? payload)
    {
        payload = new PooledBuffer();
        payload.Write((byte)'[');
        if (auth.Decode(parts, payload) is { } failure)
        {
            payload.Dispose();
            payload = null;
            return Refusals.Decode(failure);
        }

        payload.Write(",null]"u8);
        return null;
    }

    /// <summary>Decodes the endpoint's parameters alone, of a request whose caller is known.</summary>
    /// <param name="parts">The request.</param>
    /// <param name="route">The endpoint.</param>
    /// <param name="authData">Who calls, as JSON.</param>
    /// <param name="payload">What the isolate gets; null where they are refused.</param>
    /// <returns>Why the endpoint can't be called; null where it can.</returns>
    public static ErrorAnswer? DecodeKnown(in RequestParts parts, EndpointRoute route, ReadOnlySpan<byte> authData, out PooledBuffer? payload)
    {
        payload = new PooledBuffer();
        payload.Write((byte)'[');
        payload.Write(authData);
        payload.Write((byte)',');
        if (DecodeRequest(parts, route, payload) is { } refusal)
        {
            payload.Dispose();
            payload = null;
            return refusal;
        }

        payload.Write((byte)']');
        return null;
    }

    private static ErrorAnswer? DecodeBoth(
        in RequestParts parts, AuthGate auth, EndpointRoute route, PooledBuffer output, ref bool authenticates)
    {
        output.Write((byte)'[');
        if (auth.Decode(parts, output) is { } failure)
        {
            authenticates = false;
            return Refusals.Decode(failure);
        }

        output.Write((byte)',');
        var refusal = DecodeRequest(parts, route, output);
        output.Write(refusal is not null || !route.Request.HasParameters ? "null]"u8 : "]"u8);
        return refusal;
    }

    private static ErrorAnswer? DecodeRequest(in RequestParts parts, EndpointRoute route, PooledBuffer output) =>
        route.Request.Decode(parts, output) is { } failure ? Refusals.Decode(failure) : null;
}
