using System.Text;

namespace Bridge.Core.Isolates;

/// <summary>The encodings <c>TextDecoder</c> asks for, by WHATWG name.</summary>
internal static class TextEncodings
{
    /// <summary>Decodes; the byte order mark stays, as U+FEFF.</summary>
    /// <returns>Null where <paramref name="fatal"/> and the bytes are not valid in that encoding.</returns>
    /// <exception cref="NotSupportedException">The host doesn't know the encoding.</exception>
    internal static string? Decode(byte[] bytes, string name, bool fatal)
    {
        DecoderFallback fallback = fatal ? DecoderFallback.ExceptionFallback : new DecoderReplacementFallback("\uFFFD");
        var encoding = name switch
        {
            "utf-8" => Encoding.GetEncoding(Encoding.UTF8.CodePage, EncoderFallback.ReplacementFallback, fallback),
            "utf-16le" => Encoding.GetEncoding(Encoding.Unicode.CodePage, EncoderFallback.ReplacementFallback, fallback),
            "utf-16be" => Encoding.GetEncoding(Encoding.BigEndianUnicode.CodePage, EncoderFallback.ReplacementFallback, fallback),
            "latin1" or "iso-8859-1" => Encoding.Latin1,
            _ => throw new NotSupportedException($"The encoding '{name}' is not supported."),
        };
        try
        {
            return encoding.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
