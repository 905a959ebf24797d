using Encore.Host.Artifacts;
using Encore.Host.Compiler;
using Encore.Host.Databases;

namespace Encore.Host.Commands;

/// <summary>Turns what can go wrong around a command into one clear line and an exit code.</summary>
internal static class Failures
{
    /// <summary>Runs a command.</summary>
    /// <returns>The command's exit code, or that of the failure.</returns>
    public static async Task<int> GuardAsync(Func<Task<int>> command)
    {
        try
        {
            return await command();
        }
        catch (SourceNotFoundException error)
        {
            return Report(error.Message, help: null, ExitCodes.Usage);
        }
        catch (ArtifactException error)
        {
            return Report(error.Message, error.Help, error.IsMissing ? ExitCodes.Usage : ExitCodes.ApplicationErrors);
        }
        catch (DatabaseException error)
        {
            return error.Report();
        }
        catch (HostFilesException error)
        {
            return Report(error.Message, error.Help, ExitCodes.Environment);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Report(error.Message, help: null, ExitCodes.Environment);
        }
    }

    private static int Report(string message, string? help, int code)
    {
        Terminal.WriteError(message, help);
        return code;
    }
}
