namespace Encore.Host.Hosting;

/// <summary>The application can't be served as it is declared.</summary>
/// <param name="problems">All that is wrong, a line for each.</param>
internal sealed class StartException(IReadOnlyList<string> problems) : Exception(string.Join('\n', problems))
{
    /// <summary>All that is wrong, a line for each.</summary>
    public IReadOnlyList<string> Problems { get; } = problems;
}
