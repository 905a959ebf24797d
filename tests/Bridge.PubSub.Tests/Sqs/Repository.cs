using System.Runtime.CompilerServices;

namespace Bridge.PubSub.Tests.Sqs;

/// <summary>Where these tests' sources are.</summary>
internal static class Repository
{
    /// <summary>The project's folder.</summary>
    public static string TestFolder { get; } = Path.GetDirectoryName(Path.GetDirectoryName(PathOf()))!;

    private static string PathOf([CallerFilePath] string path = "") => path;
}
