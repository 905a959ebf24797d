using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using StackExchange.Redis;

namespace Bridge.Redis;

/// <summary>A message's attributes, read from its fields when they are asked for: there are few, and hardly ever is one asked for twice. Thread: any.</summary>
/// <param name="fields">All fields of the message.</param>
/// <param name="count">How many of them are attributes.</param>
internal sealed class RedisAttributes(NameValueEntry[] fields, int count) : IReadOnlyDictionary<string, string>
{
    /// <summary>Those of a message without.</summary>
    internal static RedisAttributes Empty { get; } = new([], 0);

    /// <summary>What the names of fields that are attributes begin with.</summary>
    internal static ReadOnlySpan<byte> Prefix => "a:"u8;

    /// <inheritdoc/>
    public int Count => count;

    /// <inheritdoc/>
    public IEnumerable<string> Keys => this.Select(pair => pair.Key);

    /// <inheritdoc/>
    public IEnumerable<string> Values => this.Select(pair => pair.Value);

    /// <inheritdoc/>
    public string this[string key] => TryGetValue(key, out var value) ? value : throw new KeyNotFoundException($"There is no attribute {key}.");

    /// <inheritdoc/>
    public bool ContainsKey(string key) => TryGetValue(key, out _);

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out string value)
    {
        if (count > 0)
        {
            foreach (var field in fields)
            {
                ReadOnlyMemory<byte> name = field.Name;
                if (name.Span.StartsWith(Prefix) && IsSame(name.Span[Prefix.Length..], key))
                {
                    value = (string?)field.Value ?? "";
                    return true;
                }
            }
        }

        value = null;
        return false;
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, string>> GetEnumerator()
    {
        foreach (var field in fields)
        {
            if (IsAttribute(field.Name))
            {
                yield return new(Encoding.UTF8.GetString(((ReadOnlyMemory<byte>)field.Name).Span[Prefix.Length..]), (string?)field.Value ?? "");
            }
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Whether a field of this name is an attribute.</summary>
    internal static bool IsAttribute(ReadOnlyMemory<byte> name) => name.Span.StartsWith(Prefix);

    private static bool IsSame(ReadOnlySpan<byte> name, string key)
    {
        if (name.Length == key.Length && Ascii.Equals(name, key))
        {
            return true;
        }

        return !Ascii.IsValid(name) && Encoding.UTF8.GetString(name) == key;
    }
}
