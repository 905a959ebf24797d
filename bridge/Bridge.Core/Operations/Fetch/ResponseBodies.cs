using System.Collections.Concurrent;

namespace Bridge.Core.Operations.Fetch;

/// <summary>The bodies that scripts still read, by id. Thread: any.</summary>
internal sealed class ResponseBodies : IDisposable
{
    private readonly ConcurrentDictionary<int, ResponseBody> _bodies = new();
    private int _last;

    internal int Add(ResponseBody body)
    {
        var id = Interlocked.Increment(ref _last);
        _bodies[id] = body;
        return id;
    }

    internal ResponseBody? Find(int id) => _bodies.GetValueOrDefault(id);

    internal void Remove(int id)
    {
        if (_bodies.TryRemove(id, out var body))
        {
            body.Dispose();
        }
    }

    public void Dispose()
    {
        foreach (var id in _bodies.Keys)
        {
            Remove(id);
        }
    }
}
