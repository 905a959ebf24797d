using System.Net;

namespace Bridge.Sqs.Topics;

/// <summary>SNS refused a request.</summary>
/// <param name="code">Its word for why.</param>
/// <param name="message">Its sentence for why.</param>
/// <param name="status">The response's status.</param>
internal sealed class SnsRefusalException(string code, string message, HttpStatusCode status) : Exception($"{code}: {message}")
{
    /// <summary>Its word for why.</summary>
    public string Code { get; } = code;

    /// <summary>The response's status.</summary>
    public HttpStatusCode Status { get; } = status;
}
