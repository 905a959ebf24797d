using System.Globalization;
using Bridge.PubSub.Peer;

namespace Bridge.PubSub.Tests.Kills;

/// <summary>What happened to one key's messages.</summary>
/// <param name="Key">The key.</param>
/// <param name="Events">Beginnings and ends, in the order of time.</param>
internal sealed record FlowKey(string Key, IReadOnlyList<FlowEvent> Events)
{
    /// <summary>Messages whose handling began before that of their predecessor had ended for the first time.</summary>
    public IEnumerable<string> Overtakings()
    {
        var ends = new Dictionary<int, int>();
        var beginnings = new SortedDictionary<int, int>();
        for (var place = 0; place < Events.Count; place++)
        {
            var places = Events[place].What == FlowRecord.Begun ? (IDictionary<int, int>)beginnings : ends;
            places.TryAdd(NumberOf(Events[place]), place);
        }

        foreach (var (earlier, later) in beginnings.Zip(beginnings.Skip(1)))
        {
            if (!ends.TryGetValue(earlier.Key, out var end) || end > later.Value)
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"{Key}:{later.Key} began before {earlier.Key} had ended");
            }
        }
    }

    /// <summary>Messages that came again after a later one had been handled.</summary>
    public IEnumerable<string> Returns()
    {
        var last = -1;
        foreach (var entry in Events.Where(entry => entry.What == FlowRecord.Begun))
        {
            var number = NumberOf(entry);
            if (number < last)
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"{Key}:{number} came again after {last}");
            }

            last = Math.Max(last, number);
        }
    }

    private static int NumberOf(FlowEvent entry) => PeerMessage.Parse(entry.Text).Number;
}
