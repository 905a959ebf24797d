namespace Bridge.V8;

/// <summary>V8's compiled form of a script, kept in a file between runs.</summary>
/// <remarks>V8 checks version, flags, source length and a checksum itself and compiles anew where they differ, so any content is safe to read.</remarks>
internal static class V8CodeCache
{
    /// <summary>The file's bytes; null where there is none to use.</summary>
    internal static byte[]? Read(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllBytes(path) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Writes the file whole or not at all; a folder that can't be written costs speed, not success.</summary>
    internal static void Write(string path, byte[] bytes)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            var temporary = $"{path}.{Environment.ProcessId}.tmp";
            File.WriteAllBytes(temporary, bytes);
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Justification: the cache is a shortcut; the script already runs.
        }
    }
}
