using System.Security.Cryptography;
using System.Text;

namespace Bridge.Postgres.Migrations;

/// <summary>A step from one form of a database to the next.</summary>
/// <param name="Version">Its number, by which steps are ordered.</param>
/// <param name="Name">What its author called it: <c>create_users</c>.</param>
/// <param name="File">Its file as messages name it: relative to the application's root, '/' between parts.</param>
/// <param name="Text">Its statements.</param>
public sealed record Migration(long Version, string Name, string File, string Text)
{
    /// <summary>What tells whether the file has been edited since it ran: SHA-256 in hexadecimal, the same for both kinds of line ends.</summary>
    public string Checksum { get; } =
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text.ReplaceLineEndings("\n"))));
}
