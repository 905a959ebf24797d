using Bridge.Core.Decoding.Json;

namespace Bridge.Core.Decoding.Rules;

/// <summary>A rule on a value whose type is right already.</summary>
/// <remarks>Immutable. Thread: any.</remarks>
internal abstract class ValueRule
{
    /// <summary>What the rule must be given beside the value.</summary>
    public virtual RuleNeeds Needs => RuleNeeds.None;

    /// <summary>Whether a value keeps the rule; a rule that doesn't speak of such values is kept.</summary>
    public abstract bool Holds(scoped in RuleSubject subject);

    /// <summary>Records how a value breaks the rule.</summary>
    /// <returns>Whether there is room for more violations; false at once where none are collected.</returns>
    public abstract bool Reject(ref DecodeCursor cursor, scoped RuleSubject subject);
}
