namespace Bridge.GooglePubSub.Access;

/// <summary>Gives what a request says who it is from. Thread: any.</summary>
internal interface ITokenSource
{
    /// <summary>The value of the Authorization header; null for none.</summary>
    /// <exception cref="Bridge.Core.PubSub.BrokerException">There is none to be had.</exception>
    ValueTask<string?> AuthorizationAsync(CancellationToken cancellation);
}
