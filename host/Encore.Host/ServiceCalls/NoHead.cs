using System.Diagnostics;
using Bridge.Core.Responses;

namespace Encore.Host.ServiceCalls;

/// <summary>Stands for the head of an answer that has a body alone.</summary>
internal sealed class NoHead : IResponseHead
{
    /// <summary>The only one.</summary>
    public static NoHead Instance { get; } = new();

    /// <inheritdoc/>
    public void SetStatus(int status) => throw new UnreachableException("Messages have no status.");

    /// <inheritdoc/>
    public void AddHeader(string name, string value) => throw new UnreachableException("Messages have no headers.");
}
