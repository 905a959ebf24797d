namespace Bridge.Core.Decoding;

/// <summary>A request's headers, as the HTTP edge holds them.</summary>
public interface IRequestHeaders
{
    /// <summary>The value of a header, or null where the request doesn't carry it.</summary>
    /// <param name="lowerCaseName">The header's name in lower case.</param>
    string? Find(string lowerCaseName);

    /// <summary>The value of one line of a header that may come on several lines, or null past the last.</summary>
    /// <param name="lowerCaseName">The header's name in lower case.</param>
    /// <param name="index">0 for the first line.</param>
    string? Find(string lowerCaseName, int index) => index == 0 ? Find(lowerCaseName) : null;
}
