using System.Text.Json.Nodes;

namespace Bridge.Sqs.Provisioning;

/// <summary>A queue's policy that lets a topic put messages into it.</summary>
internal static class QueuePolicy
{
    /// <summary>Adds the right to a policy.</summary>
    /// <param name="policy">The queue's policy as JSON; null or "" for none.</param>
    /// <param name="queueArn">The queue.</param>
    /// <param name="topicArn">The topic.</param>
    /// <returns>The policy with what was there before; null where it names the topic already, and stays as its owner wrote it.</returns>
    public static string? Allow(string? policy, string queueArn, string topicArn)
    {
        if (policy?.Contains(topicArn, StringComparison.Ordinal) == true)
        {
            return null;
        }

        var root = string.IsNullOrEmpty(policy) ? new JsonObject { ["Version"] = "2012-10-17" } : JsonNode.Parse(policy)!.AsObject();

        // One statement may stand without a list around it.
        var statements = root["Statement"] switch
        {
            JsonArray list => list,
            JsonObject single => [single.DeepClone()],
            _ => [],
        };
        statements.Add(new JsonObject
        {
            ["Effect"] = "Allow",
            ["Principal"] = new JsonObject { ["Service"] = "sns.amazonaws.com" },
            ["Action"] = "sqs:SendMessage",
            ["Resource"] = queueArn,
            ["Condition"] = new JsonObject { ["ArnEquals"] = new JsonObject { ["aws:SourceArn"] = topicArn } },
        });
        if (statements.Parent is null)
        {
            root["Statement"] = statements;
        }

        return root.ToJsonString();
    }
}
