using System.Globalization;

namespace Bridge.PubSub.Peer;

/// <summary>A message's text, "key:number", and what becomes of it.</summary>
/// <param name="Key">Its ordering key.</param>
/// <param name="Number">Its place among those of the key, from 0.</param>
public readonly record struct PeerMessage(string Key, int Number)
{
    /// <summary>Whether its first attempt fails.</summary>
    public bool IsSlow => Number % 20 == 13;

    /// <summary>Whether every attempt fails.</summary>
    public bool IsPoison => Number % 40 == 7 && Key.EndsWith('1');

    /// <summary>Reads a text.</summary>
    public static PeerMessage Parse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return new PeerMessage(text[..colon], int.Parse(text.AsSpan(colon + 1), CultureInfo.InvariantCulture));
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Key}:{Number}");
}
