namespace Bridge.PubSub.Tests.Contract;

/// <summary>A real server, or a folder, that brokers of one test use.</summary>
public interface IBrokerFixture : IAsyncDisposable
{
    /// <summary>Whether two brokers see the same messages. Not so where they live in a process's memory.</summary>
    bool IsShared => true;

    /// <summary>Whether <see cref="StopServerAsync"/> and <see cref="StartServerAsync"/> do something.</summary>
    bool CanRestart => false;

    /// <summary>Whether the server goes on sending to a process that has vanished, until it notices: attempts that nobody sees.</summary>
    bool SendsToTheVanished => false;

    /// <summary>The shortest acknowledgement deadline that the tests may ask the broker for.</summary>
    TimeSpan ShortLease => TimeSpan.FromSeconds(2);

    /// <summary>Makes a broker as another process would, with a connection of its own. It isn't prepared yet; the suite disposes of it.</summary>
    ValueTask<IMessageBroker> CreateAsync(IReadOnlyList<BrokerTopic> topics);

    /// <summary>Ends a broker as kill -9 ends its process: it says no further word. Where only silence is needed, nothing has to be done.</summary>
    Task VanishAsync(IMessageBroker broker) => Task.CompletedTask;

    /// <summary>Kills the server; what it has on disk stays.</summary>
    Task StopServerAsync() => throw new NotSupportedException("This fixture's server can't be stopped: CanRestart is false.");

    /// <summary>Starts the server again where it was.</summary>
    Task StartServerAsync() => throw new NotSupportedException("This fixture's server can't be started: CanRestart is false.");
}
