namespace Bridge.Postgres.Tests.Servers;

/// <summary>A server that tests have databases on.</summary>
public interface IDatabaseServer
{
    /// <summary>Makes an empty database and says how to reach it.</summary>
    Task<string> CreateDatabaseAsync(string name);
}
