using System.Diagnostics;
using System.Globalization;
using System.Text;
using Bridge.Core.PubSub;
using Bridge.PubSub.Peer;
using Bridge.PubSub.Tests.Contract;
using Xunit.Abstractions;

namespace Bridge.PubSub.Tests.Kills;

/// <summary>
/// Processes publish and handle 20,000 messages while ten of them are killed, one at a time, and their broker three times. A broker's own class
/// derives from this one and gives it a fixture.
/// </summary>
public abstract class KillContract(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Messages = 20_000;
    private const int MaxDeadLetters = 1000;

    // A broker of many processes takes long to come back on a machine where all others are busy too.
    private static readonly TimeSpan MuchPatience = TimeSpan.FromMinutes(3);

    // A number of no meaning: another gives other moments.
    private static readonly int Seed = int.Parse(Environment.GetEnvironmentVariable("KILL_SEED") ?? "20260", CultureInfo.InvariantCulture);

    private readonly FlowRecord _record = new();
    private readonly List<PeerProcess> _peers = [];
    private readonly List<PeerProcess> _living = [];
    private readonly KillSchedule _schedule = new(Seed, Messages);
    private IKillFixture? _fixture;
    private bool _isOrdered;

    /// <summary>Whether messages are to keep their order, where the broker can. One that carries others another way is tested both ways.</summary>
    protected virtual bool AsksForOrder => true;

    private IKillFixture Fixture => _fixture ?? throw new InvalidOperationException("The fixture is made before each test.");

    /// <inheritdoc/>
    public async Task InitializeAsync() => _fixture = await CreateFixtureAsync();

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        foreach (var peer in _peers)
        {
            await peer.DisposeAsync();
        }

        if (_fixture is not null)
        {
            await _fixture.DisposeAsync();
        }
    }

    /// <summary>Makes one test's fixture.</summary>
    protected abstract Task<IKillFixture> CreateFixtureAsync();

    [Fact]
    public async Task Kill_PeersTenTimesAndTheBrokerThrice_LosesNothingAndKeepsTheOrder()
    {
        var clock = Stopwatch.StartNew();
        _isOrdered = await PrepareAsync();
        await LetFlowAsync();
        await UntilAsync(() => _record.OutstandingCount == 0 && _record.TakenCount >= Messages, Describe);
        var dead = await WaitForDeadLettersAsync();
        foreach (var peer in _living)
        {
            await peer.KillAsync();
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Fixture.Broker.Type}, seed {Seed}: {Describe()}; {dead.Count} dead letters; {clock.Elapsed.TotalSeconds:0.0} s"));
        Assert.Empty(_record.TextsOf(FlowRecord.Failed));
        Assert.Empty(_record.Missing());
        Assert.All(dead, text => Assert.True(PeerMessage.Parse(text).IsPoison, $"{text} is a dead letter."));
        AssertOrder();
    }

    private async Task<bool> PrepareAsync()
    {
        var topic = Topic(isOrdered: false);
        await using var broker = Fixture.Broker.Open(topic);
        if (broker.Traits.KeepsOrder && AsksForOrder)
        {
            topic = Topic(isOrdered: true);
        }

        await using var asked = Fixture.Broker.Open(topic);
        Assert.Empty(await asked.PrepareAsync(provision: true, CancellationToken.None));
        return topic.IsOrdered;
    }

    private async Task LetFlowAsync()
    {
        Start(_schedule.PublishedBy(0) / 2);
        Start(_schedule.PublishedBy(0) / 2);
        var step = 0;
        foreach (var (after, isRestart) in _schedule.Draw())
        {
            step++;
            await UntilAsync(() => _record.FinishedCount >= after, () => $"{after} messages before kill {step}; {Describe()}");
            if (!isRestart)
            {
                await KillOneAsync(_schedule.PublishedBy(step));
            }
            else if (Fixture.LivesInPeers)
            {
                await Task.WhenAll(_living.Select(peer => peer.KillAsync()));
                _living.Clear();
                var each = (_schedule.PublishedBy(step) - Expected()) / 2;
                Start(each);
                Start(each);
            }
            else
            {
                await Fixture.RestartAsync();
            }
        }

        // Whoever is left, and one more, publish the rest.
        Start(Math.Max(Messages - Expected(), 0));
    }

    private async Task KillOneAsync(int target)
    {
        var victim = _living[_schedule.Pick(_living.Count)];
        _living.Remove(victim);
        await victim.KillAsync();
        Start(Math.Max(target - Expected(), 0));
    }

    private void Start(int count)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"peer{_peers.Count}");
        var peer = PeerProcess.Start(new PeerPlan { Broker = Fixture.Broker, Name = name, Count = count, IsOrdered = _isOrdered }, _record);
        _peers.Add(peer);
        _living.Add(peer);
    }

    private int Expected() => _peers.Sum(peer => peer.Expected);

    /// <returns>The dead letters once those are there that have to be.</returns>
    private async Task<IReadOnlyList<string>> WaitForDeadLettersAsync()
    {
        var topic = Topic(_isOrdered);
        await using var broker = Fixture.Broker.Open(topic);
        Assert.Empty(await broker.PrepareAsync(provision: true, CancellationToken.None));
        var letters = broker.DeadLettersOf(topic.Subscriptions[0]);
        string[] texts = [];
        await Patience.UntilAsync(
            async () =>
            {
                texts = [.. (await letters.ListAsync(MaxDeadLetters, CancellationToken.None)).Select(letter => Encoding.UTF8.GetString(letter.Body.Span))];
                return !_record.Poison().Except(texts).Any();
            },
            () => $"no dead letters: {string.Join(' ', _record.Poison().Except(texts).Take(10))}; {texts.Length} there");
        return texts;
    }

    private void AssertOrder()
    {
        if (!_isOrdered)
        {
            return;
        }

        var keys = _record.Keys();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"came again after a later one of their key: {keys.Sum(key => key.Returns().Count())}"));
        Assert.Empty(keys.SelectMany(key => key.Overtakings()));
        if (Fixture.RepeatsInPlace)
        {
            Assert.Empty(keys.SelectMany(key => key.Returns()));
        }
    }

    private static Task UntilAsync(Func<bool> condition, Func<string> state) =>
        Patience.UntilAsync(() => Task.FromResult(condition()), state, MuchPatience);

    private static BrokerTopic Topic(bool isOrdered) => PeerTopic.Create(TimeSpan.FromSeconds(2), isOrdered);

    private string Describe()
    {
        var (handled, spent) = (_record.TextsOf(FlowRecord.Handled), _record.CountOf(FlowRecord.Spent));
        var notes = new[] { "unpublished", "unreceived", "unsettled", "unprepared" }.Select(what => string.Create(CultureInfo.InvariantCulture, $"{_record.CountOf(what)} {what}"));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{_record.TakenCount} messages taken, {_record.OutstandingCount} outstanding ({string.Join(' ', _record.Missing().Take(10))}), {handled.Count} times handled, {handled.Count - handled.Distinct().Count()} duplicates, {spent} times spent, {string.Join(", ", notes)}, failures: {string.Join('\n', _record.TextsOf(FlowRecord.Failed).Take(10))}");
    }
}
