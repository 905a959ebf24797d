using System.Globalization;
using Bridge.PubSub.Tests.Contract;
using Xunit.Abstractions;

namespace Bridge.PubSub.Tests.Embedded;

/// <summary>Processes that share a message file die while messages flow.</summary>
public sealed class KillTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Kills = 10;
    private const int Messages = 20_000;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("encore-messages-");
    private readonly List<PeerProcess> _peers = [];

    private string FilePath => Path.Combine(_folder.FullName, "messages.db");

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var peer in _peers)
        {
            await peer.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Kill_TenTimesWhileMessagesFlow_LosesNothingAndKeepsTheOrder()
    {
        // Each is killed somewhere within its messages, the next takes its place beside the other.
        var (first, second) = (Start(4000), Start(4000));
        for (var kill = 0; kill < Kills; kill++)
        {
            var victim = first;
            var enough = 900 + (kill * 97);
            await Patience.UntilAsync(() => victim.Taken.Count >= enough, Describe);
            await victim.KillAsync();
            (first, second) = (second, Start(4000));
        }

        // Whoever is left publishes the rest.
        Start(Math.Max(Messages - TakenCount(), 0) + 40);
        await Patience.UntilAsync(() => TakenCount() >= Messages, Describe);
        await Patience.UntilAsync(() => Missing().Count == 0, Describe);
        var survivors = _peers.Skip(Kills).ToArray();
        foreach (var survivor in survivors)
        {
            await survivor.KillAsync();
        }

        var handled = _peers.SelectMany(peer => peer.Handled).OrderBy(entry => entry.At).Select(entry => entry.Text).ToArray();
        output.WriteLine(
            $"{TakenCount()} messages taken, {handled.Length} times handled, {handled.Length - handled.Distinct().Count()} duplicates, {_peers.Sum(peer => peer.Unsettled)} unsettled");
        Assert.Empty(_peers.SelectMany(peer => peer.Failures));
        Assert.Equal([], Missing());
        foreach (var key in handled.GroupBy(text => text.Split(':')[0], StringComparer.Ordinal))
        {
            var numbers = key.Select(text => int.Parse(text.Split(':')[1], CultureInfo.InvariantCulture)).ToArray();

            // One that died with its process comes again before the next of its key, never after it.
            Assert.Equal(numbers.Order(), numbers);
            Assert.Equal(Enumerable.Range(0, numbers[^1] + 1), numbers.Distinct());
        }
    }

    private PeerProcess Start(int count)
    {
        var peer = PeerProcess.Start(FilePath, $"peer{_peers.Count}", count);
        _peers.Add(peer);
        return peer;
    }

    private int TakenCount() => _peers.Sum(peer => peer.Taken.Count);

    private List<string> Missing()
    {
        var handled = _peers.SelectMany(peer => peer.Handled).Select(entry => entry.Text).ToHashSet(StringComparer.Ordinal);
        return [.. _peers.SelectMany(peer => peer.Taken).Where(text => !handled.Contains(text))];
    }

    private string Describe() =>
        $"{TakenCount()} taken, {_peers.Sum(peer => peer.Handled.Count)} handled, missing {string.Join(' ', Missing().Take(10))}, failures: {string.Join('\n', _peers.SelectMany(peer => peer.Failures).Take(10))}";
}
