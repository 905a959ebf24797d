using System.Security.Cryptography;

namespace Bridge.V8;

/// <summary>V8's compiled form of a script, kept in a file between runs.</summary>
/// <remarks>
/// V8 refuses a cache of another version, other flags or another source, but trusts its bytes, and damaged ones bring the process down. So the
/// file begins with their SHA-256.
/// </remarks>
internal static class V8CodeCache
{
    /// <summary>The compiled form; null where there is none to use.</summary>
    internal static byte[]? Read(string path)
    {
        try
        {
            if (!File.Exists(path))
            {
                return null;
            }

            var file = File.ReadAllBytes(path);
            if (file.Length <= SHA256.HashSizeInBytes)
            {
                return null;
            }

            var compiled = file.AsSpan(SHA256.HashSizeInBytes);
            return SHA256.HashData(compiled).AsSpan().SequenceEqual(file.AsSpan(0, SHA256.HashSizeInBytes)) ? compiled.ToArray() : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Writes the file whole or not at all; a folder that can't be written costs speed, not success.</summary>
    internal static void Write(string path, byte[] compiled)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
            try
            {
                using (var file = File.Create(temporary))
                {
                    file.Write(SHA256.HashData(compiled));
                    file.Write(compiled);
                }

                File.Move(temporary, path, overwrite: true);
            }
            catch
            {
                File.Delete(temporary);
                throw;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Justification: the cache is a shortcut; the script already runs.
        }
    }
}
