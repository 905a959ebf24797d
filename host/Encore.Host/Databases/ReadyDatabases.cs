using Encore.Host.Artifacts;
using Encore.Host.Commands;
using Encore.Host.Configuration.Infrastructure;
using Encore.Host.Logging;

namespace Encore.Host.Databases;

/// <summary>Makes an application's databases ready before it is served.</summary>
internal static class ReadyDatabases
{
    /// <summary>Finds, starts and migrates them.</summary>
    /// <exception cref="DatabaseException">One of them can't be reached or migrated.</exception>
    public static async Task<ApplicationDatabases> StartAsync(
        LoadedApplication application, InfrastructureConfig infrastructure, LogSink log, CancellationToken cancellation)
    {
        var notices = new DatabaseNotices(
            line => log.Write(LogSeverity.Info, line),
            line => log.Write(LogSeverity.Warn, line),
            () => Progress.Show("making the database server's data"));
        var databases = await ApplicationDatabases.OpenAsync(application, infrastructure, notices, cancellation);
        try
        {
            await DatabaseMigration.RunAllAsync(application, databases, notices, cancellation);
            return databases;
        }
        catch
        {
            await databases.DisposeAsync();
            throw;
        }
    }
}
