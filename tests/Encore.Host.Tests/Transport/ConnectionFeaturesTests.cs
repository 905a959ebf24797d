using Encore.Host.Transport;

namespace Encore.Host.Tests.Transport;

public sealed class ConnectionFeaturesTests
{
    private readonly Connection _connection = new();
    private readonly ConnectionFeatures _features;

    public ConnectionFeaturesTests() => _features = new ConnectionFeatures(_connection, [typeof(IOwn)]);

    private interface IOwn;

    private interface IOther;

    [Fact]
    public void Get_OwnFeature_IsTheConnection()
    {
        Assert.Same(_connection, _features.Get<IOwn>());
        Assert.Same(_connection, _features[typeof(IOwn)]);
        Assert.Null(_features.Get<IOther>());
        Assert.Equal([KeyValuePair.Create(typeof(IOwn), (object)_connection)], _features);
    }

    [Fact]
    public void Set_AnyFeature_ComesBeforeTheConnectionsOwn()
    {
        var (own, other) = (new Connection(), new Connection());
        _features.Set<IOwn>(own);
        _features.Set<IOther>(other);

        Assert.Same(own, _features.Get<IOwn>());
        Assert.Same(other, _features.Get<IOther>());
        Assert.Equal([KeyValuePair.Create(typeof(IOwn), (object)own), KeyValuePair.Create(typeof(IOther), (object)other)], _features);
        Assert.Equal(2, _features.Revision);
    }

    [Fact]
    public void Set_Again_Replaces()
    {
        _features.Set<IOther>(new Connection());
        _features.Set<IOther>(_connection);
        Assert.Same(_connection, _features.Get<IOther>());
    }

    [Fact]
    public void Set_Null_TakesItOut()
    {
        _features.Set<IOwn>(new Connection());
        _features.Set<IOther>(new Connection());
        _features.Set<IOwn>(null);

        Assert.Same(_connection, _features.Get<IOwn>());
        Assert.NotNull(_features.Get<IOther>());
        _features.Set<IOther>(null);
        _features.Set<IOther>(null);
        Assert.Null(_features.Get<IOther>());
    }

    private sealed class Connection : IOwn, IOther;
}
