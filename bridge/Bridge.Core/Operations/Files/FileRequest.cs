namespace Bridge.Core.Operations.Files;

/// <summary>What a script asks of the file system.</summary>
/// <param name="Operation">A name of <see cref="FileSystemOperations"/>.</param>
/// <param name="Path">Absolute, or relative to the process's folder.</param>
/// <param name="Target">The second path of what has two; "" otherwise.</param>
/// <param name="Flag">What the operation's option says: recursive, force, follow, exclusive.</param>
/// <param name="Bytes">What is written.</param>
public readonly record struct FileRequest(string Operation, string Path, string Target, bool Flag, byte[] Bytes)
{
    /// <summary>Whether the operation is one of two paths.</summary>
    public bool HasTarget => Operation is "rename" or "copyFile";
}
