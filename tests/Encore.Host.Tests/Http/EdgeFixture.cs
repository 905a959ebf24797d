namespace Encore.Host.Tests.Http;

/// <summary>One host of <see cref="EdgeApp"/> for the tests of a class.</summary>
public sealed class EdgeFixture : IAsyncLifetime
{
    private TestHost? _host;

    internal TestHost Host => _host ?? throw new InvalidOperationException("The host hasn't started.");

    public async Task InitializeAsync() => _host = await TestHost.StartAsync(application: EdgeApp.Create());

    public async Task DisposeAsync() => await Host.DisposeAsync();
}
