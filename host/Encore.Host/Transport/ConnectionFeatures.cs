using System.Collections;
using Microsoft.AspNetCore.Http.Features;

namespace Encore.Host.Transport;

/// <summary>The features of a connection: those that it implements itself, and those that others set, which come first.</summary>
/// <remarks>
/// A collection for any number of features takes 650 bytes for the dozen of each connection. The server sets four, which are searched one by
/// one. Thread: one at a time, as with every feature collection.
/// </remarks>
/// <param name="connection">What implements features.</param>
/// <param name="own">The features that it implements.</param>
internal sealed class ConnectionFeatures(object connection, IReadOnlyList<Type> own) : IFeatureCollection
{
    private KeyValuePair<Type, object>[] _set = [];

    /// <inheritdoc/>
    public bool IsReadOnly => false;

    /// <inheritdoc/>
    public int Revision { get; private set; }

    /// <inheritdoc/>
    public object? this[Type key]
    {
        get
        {
            var at = IndexOf(key);
            return at >= 0 ? _set[at].Value : own.Contains(key) ? connection : null;
        }

        set
        {
            var at = IndexOf(key);
            if (value is null)
            {
                _set = at >= 0 ? [.. _set[..at], .. _set[(at + 1)..]] : _set;
            }
            else if (at >= 0)
            {
                _set[at] = new(key, value);
            }
            else
            {
                _set = [.. _set, new(key, value)];
            }

            Revision++;
        }
    }

    /// <inheritdoc/>
    public TFeature? Get<TFeature>() => (TFeature?)this[typeof(TFeature)];

    /// <inheritdoc/>
    public void Set<TFeature>(TFeature? instance) => this[typeof(TFeature)] = instance;

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<Type, object>> GetEnumerator() =>
        _set.Concat(own.Where(type => IndexOf(type) < 0).Select(type => KeyValuePair.Create(type, connection))).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private int IndexOf(Type key)
    {
        for (var i = 0; i < _set.Length; i++)
        {
            if (_set[i].Key == key)
            {
                return i;
            }
        }

        return -1;
    }
}
