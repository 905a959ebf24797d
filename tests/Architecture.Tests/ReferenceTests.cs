namespace Architecture.Tests;

/// <summary>Assemblies refer one way, host → Bridge.X → Bridge.Core, and each heavy dependency stays behind one of them.</summary>
public sealed class ReferenceTests
{
    private const string Core = "Bridge.Core";
    private const string Host = "Encore.Host";

    [Fact]
    public void BridgeCore_References_NothingOfOurs() => Assert.Empty(Named(Core).Projects);

    [Fact]
    public void BridgeAssemblies_Reference_OnlyCore() =>
        Assert.All(
            ProjectFile.OfTheProduct.Where(project => project.Name != Core && project.Name != Host),
            project => Assert.Equal([Core], project.Projects));

    [Fact]
    public void Host_IsReferencedBy_NoAssemblyOfTheProduct() =>
        Assert.DoesNotContain(ProjectFile.OfTheProduct, project => project.Projects.Contains(Host));

    [Theory]
    [InlineData("Microsoft.ClearScript", "Bridge.V8")]
    [InlineData("Jint", "Bridge.Jint")]
    [InlineData("Npgsql", "Bridge.Postgres")]
    [InlineData("Confluent.Kafka", "Bridge.Kafka")]
    [InlineData("librdkafka", "Bridge.Kafka")]
    [InlineData("StackExchange.Redis", "Bridge.Redis")]
    [InlineData("RabbitMQ.Client", "Bridge.RabbitMq")]
    [InlineData("AMQPNetLite", "Bridge.AzureServiceBus")]
    [InlineData("AWSSDK", "Bridge.Sqs")]
    [InlineData("Grpc.Net", "Bridge.GooglePubSub")]
    [InlineData("Snappier", "Bridge.Nsq")]
    [InlineData("ZstdSharp", "Encore.Host")]
    [InlineData("SQLitePCLRaw", "Bridge.Sqlite")]
    public void HeavyDependency_IsReferencedBy_ItsOwnAssemblyOnly(string packagePrefix, string owner) =>
        Assert.Equal(
            [owner],
            ProjectFile.OfTheProduct
                .Where(project => project.Packages.Any(package => package.StartsWith(packagePrefix, StringComparison.Ordinal)))
                .Select(project => project.Name));

    [Fact]
    public void EveryProject_IsInTheSolution()
    {
        var solution = Repository.Read("Bridge.sln").Replace('\\', '/');

        // What only `npm run compare` builds has no place there.
        Assert.All(
            ProjectFile.All.Where(project => !project.Path.StartsWith("bench/compare/", StringComparison.Ordinal)),
            project => Assert.Contains($"\"{project.Path}\"", solution, StringComparison.Ordinal));
    }

    private static ProjectFile Named(string name) => ProjectFile.All.Single(project => project.Name == name);
}
