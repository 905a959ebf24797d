using Bridge.Core.Decoding;

namespace Encore.Host.PubSub;

/// <summary>Says what is wrong with a message.</summary>
internal static class Violations
{
    /// <summary>All that is wrong, each with its place: <c>/items/0/price: expected a number; …</c>.</summary>
    public static string Describe(DecodeFailure failure) =>
        string.Join("; ", failure.Violations.Select(violation => violation.Path.Length == 0 ? violation.Message : $"{violation.Path}: {violation.Message}"));
}
