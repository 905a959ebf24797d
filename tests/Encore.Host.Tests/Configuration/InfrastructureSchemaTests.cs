using Encore.Host.Configuration.Infrastructure;
using Xunit;

namespace Encore.Host.Tests.Configuration;

public sealed class InfrastructureSchemaTests
{
    [Fact]
    public void SchemaInThePackage_IsWhatTheReaderChecksBy()
    {
        var file = Path.Combine(Root(), "ts-sdk", "infra.schema.json");
        var schema = InfrastructureSchema.Write();
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(file, schema);
        }

        Assert.Equal(File.ReadAllText(file), schema);
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Bridge.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The repository's root isn't above the tests.");
        }

        return folder;
    }
}
