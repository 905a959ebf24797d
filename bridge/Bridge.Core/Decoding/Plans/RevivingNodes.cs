using Bridge.Core.Decoding.Nodes;

namespace Bridge.Core.Decoding.Plans;

/// <summary>Which types hold something that crosses in another form than the handler gets.</summary>
internal static class RevivingNodes
{
    /// <summary>Those under a type, itself included.</summary>
    public static HashSet<ValueNode> Under(ValueNode root)
    {
        var nodes = new HashSet<ValueNode>();
        Collect(root, nodes);
        var reviving = new HashSet<ValueNode>(nodes.Where(node => node is ConvertedNode or MapNode or ArrayNode { IsSet: true }));

        // Types may refer to each other in circles: repeat until nothing new is found.
        for (var before = -1; before != reviving.Count;)
        {
            before = reviving.Count;
            reviving.UnionWith(nodes.Where(node => PartsOf(node).Any(reviving.Contains)));
        }

        return reviving;
    }

    private static void Collect(ValueNode node, HashSet<ValueNode> nodes)
    {
        if (nodes.Add(node))
        {
            foreach (var part in PartsOf(node))
            {
                Collect(part, nodes);
            }
        }
    }

    private static IEnumerable<ValueNode> PartsOf(ValueNode node) => node switch
    {
        ObjectNode shape => shape.Fields.Select(field => field.Node).Concat(shape.Undeclared.Values),
        ArrayNode array => [array.Element],
        MapNode map => [map.Entry],
        TupleNode tuple => [.. tuple.Elements, .. tuple.Rest is null ? (ValueNode[])[] : [tuple.Rest], .. tuple.Trailing],
        UnionNode union => union.Options,
        RuledNode ruled => [ruled.Inner],
        _ => [],
    };
}
