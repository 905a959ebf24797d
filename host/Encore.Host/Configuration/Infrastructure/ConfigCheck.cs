namespace Encore.Host.Configuration.Infrastructure;

/// <summary>What shapes need while they check a file.</summary>
/// <param name="problems">Receives what is wrong.</param>
/// <param name="variables">Looks an environment variable up; null if it isn't set.</param>
internal sealed class ConfigCheck(ConfigProblems problems, Func<string, string?> variables)
{
    /// <summary>Receives what is wrong.</summary>
    public ConfigProblems Problems { get; } = problems;

    /// <summary>Looks up what a value names.</summary>
    public string? Find(ConfigNode node, string name)
    {
        var value = variables(name);
        if (value is null)
        {
            Problems.Add(node.Offset, node.Path, $"the environment variable {name} isn't set; set it, or write the value here");
        }

        return value;
    }

    /// <summary>Whether a value is of a kind; reports it where it isn't.</summary>
    public bool Is(ConfigNode node, ConfigKind kind, string description)
    {
        if (node.Kind == kind)
        {
            return true;
        }

        Problems.Add(node.Offset, node.Path, $"this must be {description}");
        return false;
    }

    /// <summary>Puts variables' values in their places, however deep.</summary>
    public void ResolveDeep(ConfigNode node)
    {
        if (node.EnvironmentName is { } name)
        {
            if (Find(node, name) is { } value)
            {
                node.Become(ConfigKind.Text, value);
            }

            return;
        }

        node.Members.ForEach(member => ResolveDeep(member.Value));
        node.Elements.ForEach(ResolveDeep);
    }
}
