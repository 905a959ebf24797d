namespace Encore.Host.Clients;

/// <summary>The language of a generated client.</summary>
public enum ClientLanguage
{
    /// <summary>TypeScript, all of which a tool that merely strips types can run.</summary>
    TypeScript,

    /// <summary>JavaScript with its types in JSDoc comments.</summary>
    JavaScript,
}

/// <summary>What a client is to offer.</summary>
/// <param name="Language">The language it is written in.</param>
/// <param name="Services">The services it calls; empty for all.</param>
/// <param name="ExcludedServices">Services that it doesn't call all the same.</param>
/// <param name="Tags">Only endpoints with one of these tags; empty for all.</param>
/// <param name="ExcludedTags">No endpoints with one of these tags.</param>
public sealed record ClientOptions(
    ClientLanguage Language,
    IReadOnlyCollection<string> Services,
    IReadOnlyCollection<string> ExcludedServices,
    IReadOnlyCollection<string> Tags,
    IReadOnlyCollection<string> ExcludedTags)
{
    /// <summary>Every exposed endpoint.</summary>
    public static ClientOptions All(ClientLanguage language) => new(language, [], [], [], []);

    /// <summary>Whether an endpoint belongs into the client: it is exposed, and nothing leaves it out.</summary>
    /// <param name="service">The name of its service.</param>
    /// <param name="tags">Its tags.</param>
    /// <param name="isExposed">Whether callers from outside reach it.</param>
    internal bool Includes(string service, IReadOnlyCollection<string> tags, bool isExposed) =>
        isExposed
        && (Services.Count == 0 || Services.Contains(service, StringComparer.Ordinal))
        && !ExcludedServices.Contains(service, StringComparer.Ordinal)
        && (Tags.Count == 0 || tags.Any(tag => Tags.Contains(tag, StringComparer.Ordinal)))
        && !tags.Any(tag => ExcludedTags.Contains(tag, StringComparer.Ordinal));
}
