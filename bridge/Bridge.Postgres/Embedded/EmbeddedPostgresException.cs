namespace Bridge.Postgres.Embedded;

/// <summary>The embedded server can't be had here; the message is one line for the person who started the program.</summary>
public sealed class EmbeddedPostgresException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="help">What to do about it.</param>
    /// <param name="inner">What was caught, if anything.</param>
    public EmbeddedPostgresException(string message, string help, Exception? inner = null)
        : base(message, inner) => Help = help;

    /// <summary>What to do about it.</summary>
    public string Help { get; }

    /// <summary>Whether there are data, but of another major version than the programs.</summary>
    public bool IsVersionMismatch { get; init; }
}
