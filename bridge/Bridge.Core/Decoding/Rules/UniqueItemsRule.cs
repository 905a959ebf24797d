using Bridge.Core.Decoding.Json;

namespace Bridge.Core.Decoding.Rules;

/// <summary><c>UniqueItems</c>: no element of an array equals another, by JSON equality of what they were decoded to.</summary>
internal sealed class UniqueItemsRule : ValueRule
{
    /// <summary>The rule's name in violations.</summary>
    public const string Name = "uniqueItems";

    public override RuleNeeds Needs => RuleNeeds.NormalForm | RuleNeeds.Scratch;

    public override bool Holds(scoped in RuleSubject subject)
    {
        if (subject.Kind != SubjectKind.List || subject.Count < 2)
        {
            return true;
        }

        var elements = new DistinctElements(subject.NormalForm, areEntries: false, subject.Scratch!); // Justification: the rule asks for it.
        var isUnique = elements.NextDuplicate() < 0;
        elements.Stop();
        return isUnique;
    }

    public override bool Reject(ref DecodeCursor cursor, scoped RuleSubject subject) =>
        RejectDuplicates(ref cursor, new DistinctElements(subject.NormalForm, areEntries: false, subject.Scratch!), "duplicate element");

    /// <summary>Records every duplicate as a violation of its own.</summary>
    /// <param name="cursor">Where they are reported; nothing is written meanwhile.</param>
    /// <param name="elements">The elements, from the first on.</param>
    /// <param name="reason">For people.</param>
    public static bool RejectDuplicates(ref DecodeCursor cursor, scoped DistinctElements elements, string reason)
    {
        var report = cursor.Report;
        if (report is null)
        {
            return false;
        }

        for (var index = elements.NextDuplicate(); index >= 0; index = elements.NextDuplicate())
        {
            report.Push(index);
            if (!report.Add(Name, reason))
            {
                return false;
            }

            report.Pop();
        }

        return true;
    }
}
