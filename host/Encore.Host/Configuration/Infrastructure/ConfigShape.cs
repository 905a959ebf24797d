using System.Globalization;

namespace Encore.Host.Configuration.Infrastructure;

/// <summary>What a value of a configuration file may be.</summary>
internal abstract class ConfigShape
{
    /// <summary>Any text.</summary>
    public static ConfigShape Text { get; } = new ScalarShape("a string", ConfigKind.Text, static _ => true);

    /// <summary>true or false.</summary>
    public static ConfigShape Flag { get; } = new ScalarShape("true or false", ConfigKind.Flag, static text => text is "true" or "false");

    /// <summary>An http or https URL.</summary>
    public static ConfigShape Url { get; } = new ScalarShape(
        "an http or https URL",
        ConfigKind.Text,
        static text => Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https");

    /// <summary>Any JSON value, for a reader to come.</summary>
    public static ConfigShape Anything { get; } = new AnyShape();

    /// <summary>A whole number within bounds.</summary>
    public static ConfigShape Integer(int least, int most = int.MaxValue) => new ScalarShape(
        most == int.MaxValue
            ? string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} on")
            : string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}"),
        ConfigKind.Number,
        text => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most);

    /// <summary>A number of seconds, with fractions, up to a day.</summary>
    public static ConfigShape Seconds { get; } = new ScalarShape(
        "a number of seconds up to 86400",
        ConfigKind.Number,
        static text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number is >= 0 and <= 86_400);

    /// <summary>One of some texts.</summary>
    public static ConfigShape OneOf(params string[] texts) =>
        new ScalarShape("one of " + string.Join(", ", texts), ConfigKind.Text, text => texts.Contains(text, StringComparer.Ordinal));

    /// <summary>An array.</summary>
    public static ConfigShape List(ConfigShape element) => new ListShape(element);

    /// <summary>An object with names of the writer's choice.</summary>
    public static ConfigShape Map(ConfigShape value) => new MapShape(value);

    /// <summary>Reports what is wrong with a value, and puts variables' values in their places.</summary>
    public abstract void Check(ConfigNode node, ConfigCheck check);

    private sealed class AnyShape : ConfigShape
    {
        public override void Check(ConfigNode node, ConfigCheck check) => check.ResolveDeep(node);
    }

    private sealed class ScalarShape(string description, ConfigKind kind, Func<string, bool> fits) : ConfigShape
    {
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
        public override void Check(ConfigNode node, ConfigCheck check)
        {
            if (check.Is(node, ConfigKind.Object, "an object"))
            {
                node.Members.ForEach(member => value.Check(member.Value, check));
            }
        }
    }
}
