using System.Text.Json.Nodes;

namespace Encore.Host.Configuration.Infrastructure;

/// <summary>An object with known keys: any other is an error.</summary>
internal sealed class ConfigObject : ConfigShape
{
    private const int FarthestSuggestion = 3;

    private readonly Dictionary<string, (ConfigShape Shape, bool IsRequired)> _keys = new(StringComparer.Ordinal);

    /// <summary>Adds a key that must be there.</summary>
    public ConfigObject Needs(string key, ConfigShape shape)
    {
        _keys.Add(key, (shape, true));
        return this;
    }

    /// <summary>Adds a key that may be there.</summary>
    public ConfigObject May(string key, ConfigShape shape)
    {
        _keys.Add(key, (shape, false));
        return this;
    }

    /// <inheritdoc/>
    public override void Check(ConfigNode node, ConfigCheck check)
    {
        if (!check.Is(node, ConfigKind.Object, "an object"))
        {
            return;
        }

        foreach (var member in node.Members)
        {
            if (_keys.TryGetValue(member.Name, out var key))
            {
                key.Shape.Check(member.Value, check);
            }
            else
            {
                check.Problems.Add(member.Offset, member.Value.Path, "there is no such key; " + Suggest(member.Name));
            }
        }

        foreach (var (name, key) in _keys)
        {
            if (key.IsRequired && node[name] is null)
            {
                check.Problems.Add(node.Offset, node.PathOf(name), "this key is missing; add it");
            }
        }
    }

    /// <inheritdoc/>
    public override JsonObject ToSchema() => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject(_keys.Select(key => KeyValuePair.Create(key.Key, (JsonNode?)key.Value.Shape.ToSchema()))),
        ["required"] = new JsonArray([.. _keys.Where(key => key.Value.IsRequired).Select(key => JsonValue.Create(key.Key))]),
        ["additionalProperties"] = false,
    };

    private string Suggest(string name)
    {
        var nearest = _keys.Keys.MinBy(key => Distance(key, name));
        return nearest is not null && Distance(nearest, name) <= FarthestSuggestion
            ? $"did you mean {nearest}?"
            : "remove it; known are " + string.Join(", ", _keys.Keys);
    }

    // Levenshtein's: how many letters to insert, remove or replace.
    private static int Distance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var replaced = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}

/// <summary>An object whose <c>type</c> says which keys it has.</summary>
/// <param name="types">The types, with what each has besides its type.</param>
internal sealed class ConfigVariants(params (string Type, ConfigObject Shape)[] types) : ConfigShape
{
    private const string TypeKey = "type";

    private readonly ConfigShape _type = OneOf([.. types.Select(type => type.Type)]);

    /// <inheritdoc/>
    public override void Check(ConfigNode node, ConfigCheck check)
    {
        if (!check.Is(node, ConfigKind.Object, "an object"))
        {
            return;
        }

        if (node[TypeKey] is not { } type)
        {
            check.Problems.Add(node.Offset, node.PathOf(TypeKey), "this key is missing; add it");
            return;
        }

        var before = check.Problems.Count;
        _type.Check(type, check);
        if (check.Problems.Count == before)
        {
            types.First(variant => string.Equals(variant.Type, type.Text, StringComparison.Ordinal)).Shape.Check(node, check);
        }
    }

    /// <inheritdoc/>
    public override JsonObject ToSchema() => new() { ["oneOf"] = new JsonArray([.. types.Select(type => SchemaOf(type.Type, type.Shape))]) };

    private static JsonObject SchemaOf(string type, ConfigObject shape)
    {
        var schema = shape.ToSchema();
        schema["properties"]![TypeKey] = new JsonObject { ["const"] = type };
        schema["required"]!.AsArray().Insert(0, TypeKey);
        return schema;
    }

    /// <summary>A variant's keys; its type is known already.</summary>
    public static ConfigObject Keys() => new ConfigObject().May(TypeKey, Text);
}
