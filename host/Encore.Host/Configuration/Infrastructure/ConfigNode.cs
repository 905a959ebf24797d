using System.Text.Json.Nodes;

namespace Encore.Host.Configuration.Infrastructure;

/// <summary>A value of a configuration file, with its place.</summary>
/// <param name="kind">What JSON calls it.</param>
/// <param name="offset">Where it begins, in bytes from the file's start.</param>
/// <param name="path">How one gets there: <c>cors.allow_headers[0]</c>; "" for the file itself.</param>
internal sealed class ConfigNode(ConfigKind kind, int offset, string path)
{
    private const string EnvironmentKey = "$env";

    /// <summary>What JSON calls it.</summary>
    public ConfigKind Kind { get; private set; } = kind;

    /// <summary>Where it begins, in bytes from the file's start.</summary>
    public int Offset { get; } = offset;

    /// <summary>How one gets there.</summary>
    public string Path { get; } = path;

    /// <summary>A text as it is; a number or a boolean as JSON writes it.</summary>
    public string Text { get; set; } = "";

    /// <summary>An object's members, in their order, each name once.</summary>
    public List<ConfigMember> Members { get; } = [];

    /// <summary>An array's elements.</summary>
    public List<ConfigNode> Elements { get; } = [];

    /// <summary>The variable that a <c>{"$env":"NAME"}</c> names; null for any other value.</summary>
    public string? EnvironmentName =>
        Kind == ConfigKind.Object && Members is [{ Name: EnvironmentKey, Value: { Kind: ConfigKind.Text, Text: var name } }] ? name : null;

    /// <summary>The member of that name; null where there is none.</summary>
    public ConfigNode? this[string name] => Members.Find(member => string.Equals(member.Name, name, StringComparison.Ordinal))?.Value;

    /// <summary>The path of a member.</summary>
    public string PathOf(string member) => Path.Length == 0 ? member : $"{Path}.{member}";

    /// <summary>Puts a value in the place of the variable that named it.</summary>
    public void Become(ConfigKind kind, string text)
    {
        Kind = kind;
        Text = text;
        Members.Clear();
    }

    /// <summary>The value as JSON, variables replaced.</summary>
    public JsonNode? ToJson() => Kind switch
    {
        ConfigKind.Object => new JsonObject(Members.Select(member => KeyValuePair.Create(member.Name, member.Value.ToJson()))),
        ConfigKind.Array => new JsonArray([.. Elements.Select(element => element.ToJson())]),
        ConfigKind.Text => JsonValue.Create(Text),
        _ => JsonNode.Parse(Text),
    };
}

/// <summary>A member of an object.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Offset">Where the name begins, in bytes from the file's start.</param>
/// <param name="Value">Its value.</param>
internal sealed record ConfigMember(string Name, int Offset, ConfigNode Value);

/// <summary>What JSON calls a value.</summary>
internal enum ConfigKind
{
    /// <summary>An object.</summary>
    Object,

    /// <summary>An array.</summary>
    Array,

    /// <summary>A string.</summary>
    Text,

    /// <summary>A number.</summary>
    Number,

    /// <summary>true or false.</summary>
    Flag,

    /// <summary>null.</summary>
    Null,
}
