using System.Text;
using System.Text.Json.Nodes;

namespace Encore.Host.Configuration.Infrastructure;

/// <summary>Secrets by name; as a whole they may come from one variable that holds a JSON object.</summary>
internal sealed class SecretsShape : ConfigShape
{
    private static readonly ConfigShape Values = Map(Text);

    /// <inheritdoc/>
    public override JsonObject ToSchema() => OrVariable(Values.ToSchema());

    /// <inheritdoc/>
    public override void Check(ConfigNode node, ConfigCheck check)
    {
        if (node.EnvironmentName is not { } name)
        {
            Values.Check(node, check);
            return;
        }

        if (check.Find(node, name) is not { } json)
        {
            return;
        }

        // What is wrong in there isn't told: messages about it would show secrets.
        var bytes = Encoding.UTF8.GetBytes(json);
        var problems = new ConfigProblems(name, bytes, []);
        var secrets = ConfigParser.Parse(bytes, problems);
        if (secrets is null || problems.Count > 0 || secrets.Kind != ConfigKind.Object || secrets.Members.Exists(member => member.Value.Kind != ConfigKind.Text))
        {
            check.Problems.Add(node.Offset, node.Path, $"the environment variable {name} must hold a JSON object of strings");
            return;
        }

        node.Members.Clear();
        node.Members.AddRange(secrets.Members);
    }
}
