namespace Bridge.Sqlite;

/// <summary>Where the embedded broker keeps its messages.</summary>
public sealed record SqliteBrokerOptions
{
    /// <summary>
    /// The file's path; its folder is made where it is missing. Every process that opens the same file shares its topics. It has to lie on a
    /// disk of this machine: locks of network file systems don't hold. null for memory: messages end with the broker, and are its alone.
    /// </summary>
    public string? Path { get; init; }

    /// <summary>How many bytes the file may have; past that, publishing fails until messages are handled. 0 for as many as the disk holds.</summary>
    public long MaxBytes { get; init; }
}
