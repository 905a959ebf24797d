namespace Encore.Host.Http.Cors;

/// <summary>Origins that may call: exact ones, or with one <c>*</c> for at least one character. Immutable. Thread: any.</summary>
internal sealed class OriginSet
{
    private const char AnyText = '*';

    private readonly HashSet<string> _exact = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<(string Prefix, string Suffix)> _patterns = [];
    private readonly bool _hasAll;

    /// <param name="origins">As configuration writes them; a lone <c>*</c> is every origin.</param>
    public OriginSet(IEnumerable<string> origins)
    {
        foreach (var origin in origins)
        {
            var star = origin.IndexOf(AnyText, StringComparison.Ordinal);
            if (star < 0)
            {
                _exact.Add(origin);
            }
            else if (origin.Length == 1)
            {
                _hasAll = true;
            }
            else
            {
                _patterns.Add((origin[..star], origin[(star + 1)..]));
            }
        }
    }

    /// <summary>Whether an origin is among them.</summary>
    public bool Has(string origin) =>
        _hasAll
        || _exact.Contains(origin)
        || _patterns.Exists(pattern =>
            origin.Length > pattern.Prefix.Length + pattern.Suffix.Length
            && origin.StartsWith(pattern.Prefix, StringComparison.OrdinalIgnoreCase)
            && origin.EndsWith(pattern.Suffix, StringComparison.OrdinalIgnoreCase));
}
