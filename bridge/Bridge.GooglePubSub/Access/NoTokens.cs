namespace Bridge.GooglePubSub.Access;

/// <summary>For an emulator, which asks nobody. Thread: any.</summary>
internal sealed class NoTokens : ITokenSource
{
    /// <inheritdoc/>
    public ValueTask<string?> AuthorizationAsync(CancellationToken cancellation) => new((string?)null);
}
