namespace Bridge.Sqs;

/// <summary>Attributes without text: SNS refuses them, so that one of another name lists theirs.</summary>
internal static class EmptyAttributes
{
    /// <summary>The attribute that lists them, with commas between.</summary>
    public const string ListName = "encore-empty";

    /// <summary>What can be sent of a message's attributes.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Replace(IReadOnlyDictionary<string, string> attributes)
    {
        var empty = attributes.Where(attribute => attribute.Value.Length == 0).Select(attribute => attribute.Key).ToList();
        return empty.Count == 0 ? attributes : attributes.Where(attribute => attribute.Value.Length > 0).Append(new(ListName, string.Join(',', empty)));
    }

    /// <summary>Puts them back.</summary>
    /// <param name="attributes">What came; it is changed.</param>
    public static Dictionary<string, string> Restore(Dictionary<string, string> attributes)
    {
        if (attributes.Remove(ListName, out var names))
        {
            foreach (var name in names.Split(',', StringSplitOptions.RemoveEmptyEntries))
            {
                attributes.TryAdd(name, "");
            }
        }

        return attributes;
    }
}
