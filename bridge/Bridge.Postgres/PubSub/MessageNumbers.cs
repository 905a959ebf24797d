using System.Globalization;

namespace Bridge.Postgres.PubSub;

/// <summary>Messages' numbers as the host names them.</summary>
internal static class MessageNumbers
{
    /// <summary>A number's text.</summary>
    internal static string Write(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>The numbers among some texts; what isn't one names no message.</summary>
    internal static long[] Read(IEnumerable<string> texts) =>
        [.. texts.Select(text => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0).Where(number => number > 0)];
}
