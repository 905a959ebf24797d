using System.Buffers;
using Bridge.Core.Errors;
using Bridge.Core.Responses;

namespace Encore.Host.Http;

/// <summary>An error as a client sees it: <c>{"code","message","details"}</c>.</summary>
/// <param name="Code">Its code; sets the HTTP status.</param>
/// <param name="Message">What the client may know.</param>
internal sealed record ErrorAnswer(ErrorCode Code, string Message)
{
    /// <summary>The HTTP status, where it is another than the code's.</summary>
    public int Status { get; init; } = Code.HttpStatus();

    /// <summary>More about the error: UTF-8 JSON; empty for null.</summary>
    public ReadOnlyMemory<byte> Details { get; init; }

    /// <summary>What only developers may know: set in development alone.</summary>
    public string? InternalMessage { get; init; }

    /// <summary>Whether the host itself refuses the request, rather than the application: such answers are never cached.</summary>
    public bool IsFromGateway { get; init; }

    /// <summary>The methods that the path has, for the Allow header.</summary>
    public string? Allow { get; init; }

    /// <summary>The encodings that a body may have, for the Accept-Encoding header (RFC 9110, section 12.5.3).</summary>
    public string? AcceptEncoding { get; init; }

    /// <summary>Writes the body.</summary>
    public void WriteTo(IBufferWriter<byte> output) => ErrorBody.Write(output, Code, Message, Details.Span, InternalMessage);
}
