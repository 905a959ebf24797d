namespace Bridge.Postgres.Tests.Values.RoundTrips;

/// <summary>A value.</summary>
/// <param name="Operand">As a script sends it.</param>
/// <param name="Text">As PostgreSQL reads it; null for NULL.</param>
internal sealed record Sample(string Operand, string? Text)
{
    /// <summary>NULL.</summary>
    internal static Sample Null { get; } = new("null", null);
}

/// <summary>A value that isn't NULL, with the bytes that it needs.</summary>
/// <param name="Operand">As a script sends it.</param>
/// <param name="Text">As PostgreSQL reads it.</param>
/// <param name="Bytes">What slices in the first are of.</param>
internal sealed record WholeSample(string Operand, string Text, byte[] Bytes);
