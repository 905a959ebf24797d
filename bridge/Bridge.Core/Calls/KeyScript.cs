using System.Globalization;
using Bridge.Core.Decoding.Plans;
using Bridge.Core.Schema;

namespace Bridge.Core.Calls;

/// <summary>Writes the conditions that names of fields must satisfy.</summary>
internal sealed class KeyScript(Application application, CallGraph graph, RuleScript rules, HostRules host)
{
    /// <summary>The condition that a name is of a type.</summary>
    /// <param name="type">The type's id.</param>
    /// <param name="name">The expression that gives the name.</param>
    public string Fits(uint type, string name) => graph.NodeOf(type) switch
    {
        CallScalar { Kinds: CallKinds.Text, Rules: [], Literals: { } literals } => $"({string.Join("||", literals.Select(literal => $"{name}==={Script.Of(literal)}"))})",
        CallScalar { Kinds: CallKinds.Text, Literals: null } text => Joined([.. text.Rules.Select(rule => rules.Holds(rule, CallSubject.Text, name))]),
        _ => string.Create(CultureInfo.InvariantCulture, $"check({host.NumberOfKey(type, new PlanCompiler(application).NodeOf(type))},{name})"),
    };

    /// <summary>What a message says of a name that isn't of a type.</summary>
    public string Expected(uint type) => new PlanCompiler(application).NodeOf(type).Expected;

    private static string Joined(string?[] conditions)
    {
        var some = conditions.Where(condition => condition is not null).ToList();
        return some.Count == 0 ? "true" : $"({string.Join("&&", some)})";
    }
}
