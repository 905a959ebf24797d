using System.Globalization;
using System.Text.Json.Nodes;

namespace Encore.Host.Configuration.Infrastructure;

/// <summary>What a value of a configuration file may be.</summary>
internal abstract class ConfigShape
{
    private const int MostSeconds = 86_400;

    /// <summary>Any text.</summary>
    public static ConfigShape Text { get; } = new ScalarShape("a string", ConfigKind.Text, static _ => true, static () => Reference("text"));

    /// <summary>true or false.</summary>
    public static ConfigShape Flag { get; } = new ScalarShape(
        "true or false", ConfigKind.Flag, static text => text is "true" or "false", static () => Reference("flag"));

    /// <summary>An http or https URL.</summary>
    public static ConfigShape Url { get; } = new ScalarShape(
        "an http or https URL",
        ConfigKind.Text,
        static text => Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https",
        static () => OrVariable(new() { ["type"] = "string", ["format"] = "uri", ["pattern"] = "^[Hh][Tt][Tt][Pp][Ss]?://" }));

    /// <summary>Any JSON value, for a reader to come.</summary>
    public static ConfigShape Anything { get; } = new AnyShape();

    /// <summary>A whole number within bounds.</summary>
    public static ConfigShape Integer(int least, int most = int.MaxValue) => new ScalarShape(
        most == int.MaxValue
            ? string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} on")
            : string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}"),
        ConfigKind.Number,
        text => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most,
        () => OrVariable(new() { ["type"] = "integer", ["minimum"] = least, ["maximum"] = most }));

    /// <summary>A number of seconds, with fractions, up to a day.</summary>
    public static ConfigShape Seconds { get; } = new ScalarShape(
        "a number of seconds up to 86400",
        ConfigKind.Number,
        static text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number is >= 0 and <= MostSeconds,
        static () => OrVariable(new() { ["type"] = "number", ["minimum"] = 0, ["maximum"] = MostSeconds }));

    /// <summary>One of some texts.</summary>
    public static ConfigShape OneOf(params string[] texts) =>
        new ScalarShape(
            "one of " + string.Join(", ", texts),
            ConfigKind.Text,
            text => texts.Contains(text, StringComparer.Ordinal),
            () => OrVariable(new() { ["enum"] = new JsonArray([.. texts.Select(text => JsonValue.Create(text))]) }));

    /// <summary>An array.</summary>
    public static ConfigShape List(ConfigShape element) => new ListShape(element);

    /// <summary>An object with names of the writer's choice.</summary>
    public static ConfigShape Map(ConfigShape value) => new MapShape(value);

    /// <summary>Reports what is wrong with a value, and puts variables' values in their places.</summary>
    public abstract void Check(ConfigNode node, ConfigCheck check);

    /// <summary>The same as JSON Schema.</summary>
    public abstract JsonObject ToSchema();

    /// <summary>What schemas refer to by name.</summary>
    public static JsonObject Definitions() => new()
    {
        ["env"] = new JsonObject
        {
            ["description"] = "The value of an environment variable.",
            ["type"] = "object",
            ["properties"] = new JsonObject { ["$env"] = new JsonObject { ["type"] = "string", ["minLength"] = 1 } },
            ["required"] = new JsonArray("$env"),
            ["additionalProperties"] = false,
        },
        ["text"] = OrVariable(new() { ["type"] = "string" }),
        ["flag"] = OrVariable(new() { ["type"] = "boolean" }),
    };

    /// <summary>A value, or a variable's.</summary>
    protected static JsonObject OrVariable(JsonObject schema) => new() { ["anyOf"] = new JsonArray(schema, Reference("env")) };

    private static JsonObject Reference(string definition) => new() { ["$ref"] = "#/$defs/" + definition };

    private sealed class AnyShape : ConfigShape
    {
        public override void Check(ConfigNode node, ConfigCheck check) => check.ResolveDeep(node);

        public override JsonObject ToSchema() => [];
    }

    private sealed class ScalarShape(string description, ConfigKind kind, Func<string, bool> fits, Func<JsonObject> schema) : ConfigShape
    {
        public override JsonObject ToSchema() => schema();

        public override void Check(ConfigNode node, ConfigCheck check)
        {
            if (node.EnvironmentName is { } name)
            {
                if (check.Find(node, name) is not { } value)
                {
                    return;
                }

                if (!fits(value))
                {
                    // The value isn't shown: variables are where secrets are kept.
                    check.Problems.Add(node.Offset, node.Path, $"the environment variable {name} must hold {description}");
                    return;
                }

                node.Become(kind, value);
            }
            else if (node.Kind != kind || !fits(node.Text))
            {
                check.Problems.Add(node.Offset, node.Path, $"this must be {description}");
            }
        }
    }

    private sealed class ListShape(ConfigShape element) : ConfigShape
    {
        public override JsonObject ToSchema() => new() { ["type"] = "array", ["items"] = element.ToSchema() };

        public override void Check(ConfigNode node, ConfigCheck check)
        {
            if (check.Is(node, ConfigKind.Array, "an array"))
            {
                node.Elements.ForEach(item => element.Check(item, check));
            }
        }
    }

    private sealed class MapShape(ConfigShape value) : ConfigShape
    {
        public override JsonObject ToSchema() => new() { ["type"] = "object", ["additionalProperties"] = value.ToSchema() };

        public override void Check(ConfigNode node, ConfigCheck check)
        {
            if (check.Is(node, ConfigKind.Object, "an object"))
            {
                node.Members.ForEach(member => value.Check(member.Value, check));
            }
        }
    }
}
