using System.Text;
using System.Text.Json.Nodes;
using Bridge.Core.Buffers;
using Bridge.Core.Errors;
using Bridge.Core.Operations;

namespace Encore.Host.ServiceCalls;

/// <summary>What came of a call of another host, as the script gets it: <c>{"value"?}</c> or <c>{"error"}</c>.</summary>
internal static class RemoteAnswer
{
    /// <summary>Reads a host's answer.</summary>
    /// <exception cref="OperationException">The answer isn't one that the endpoint gives, or the host takes no such call.</exception>
    public static OperationOutcome Read(RemoteEndpoint endpoint, string? kind, ReadOnlySpan<byte> body)
    {
        switch (kind)
        {
            case CallWire.ValueAnswer:
                return ReadValue(endpoint, body);
            case CallWire.ErrorAnswer:
                return new OperationOutcome($"{{\"error\":{Encoding.UTF8.GetString(body)}}}");
            default:
                throw Refused(endpoint, Encoding.UTF8.GetString(body));
        }
    }

    /// <summary>A call that didn't reach its service, or whose answer was lost.</summary>
    public static OperationOutcome Unavailable(RemoteEndpoint endpoint) =>
        new($"{{\"error\":{UnavailableError($"the service {endpoint.Service} can't be reached")}}}");

    /// <summary>The error of what can't be had now, as JSON.</summary>
    public static string UnavailableError(string message) =>
        new JsonObject { ["code"] = ErrorCode.Unavailable.Name(), ["message"] = message }.ToJsonString();

    /// <summary>The error of a host that answered, and takes no such call.</summary>
    public static OperationException Refused(RemoteEndpoint endpoint, string reason = "") => new(
        "Error", $"{endpoint.FullName}: the host at {endpoint.Address?.Authority} doesn't take the call, and its log says why{(reason.Length == 0 ? "" : ": ")}{reason}");

    private static OperationOutcome ReadValue(RemoteEndpoint endpoint, ReadOnlySpan<byte> body)
    {
        if (endpoint.Answer is not { } plan || body.IsEmpty)
        {
            return new OperationOutcome("{}");
        }

        using var value = new PooledBuffer();
        value.Write("{\"value\":"u8);
        if (plan.Decode(body, value) is { } failure)
        {
            throw new OperationException("Error", $"{endpoint.FullName} answered what its type doesn't allow: {failure.Message}");
        }

        value.Write((byte)'}');
        return new OperationOutcome(Encoding.UTF8.GetString(value.Written));
    }
}
