namespace Encore.Host.Artifacts;

/// <summary>A built application that can't be used; the message is one line for the person who started it.</summary>
public sealed class ArtifactException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is wrong, with the file's name.</param>
    /// <param name="help">What to do about it.</param>
    /// <param name="inner">What was caught, if anything.</param>
    public ArtifactException(string message, string help, Exception? inner = null)
        : base(message, inner) => Help = help;

    /// <summary>What to do about it.</summary>
    public string Help { get; }

    /// <summary>Whether there is no such file at all: the command line is at fault then, not the application.</summary>
    public bool IsMissing { get; init; }
}
