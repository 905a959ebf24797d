namespace Encore.Host.Commands;

/// <summary>What the process's exit code says; scripts and supervisors may rely on these.</summary>
public static class ExitCodes
{
    /// <summary>Done; for <c>run</c>: ended because it was told to.</summary>
    public const int Ok = 0;

    /// <summary>The application has errors: in its sources, its artifact, or when it is loaded.</summary>
    public const int ApplicationErrors = 1;

    /// <summary>The command line or a setting can't be understood, or names a file that doesn't exist.</summary>
    public const int Usage = 2;

    /// <summary>The surroundings don't allow it: a port in use, a folder that can't be written, an incomplete installation.</summary>
    public const int Environment = 3;
}
