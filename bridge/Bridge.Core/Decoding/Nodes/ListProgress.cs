using System.Runtime.InteropServices;
using Bridge.Core.Decoding.Json;
using Bridge.Core.Decoding.Rules;

namespace Bridge.Core.Decoding.Nodes;

/// <summary>Where a list began, to look at the whole of it at its end.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct ListProgress
{
    private readonly int _violations;

    /// <summary>Notes that a list begins.</summary>
    public ListProgress(ref DecodeCursor cursor)
    {
        OutputStart = cursor.OutputLength;
        _violations = cursor.Report?.Count ?? 0;
    }

    /// <summary>The output's length before the list.</summary>
    public int OutputStart { get; }

    /// <summary>Whether something in the list was reported, so that its normal form isn't whole.</summary>
    public bool HasViolations(ref DecodeCursor cursor) => _violations < (cursor.Report?.Count ?? 0);

    /// <summary>Checks that no element of a list equals another.</summary>
    /// <param name="cursor">Where the list was written.</param>
    /// <param name="outputStart">The output's length before it.</param>
    /// <param name="areEntries">Whether it consists of entries, of which the keys count.</param>
    /// <param name="reason">Why a duplicate is refused.</param>
    public static bool CheckDistinct(ref DecodeCursor cursor, int outputStart, bool areEntries, string reason)
    {
        var scratch = cursor.Scratch();
        var list = cursor.OutputFrom(outputStart);
        var elements = new DistinctElements(list, areEntries, scratch);
        if (elements.NextDuplicate() < 0)
        {
            return true;
        }

        elements.Stop();
        return UniqueItemsRule.RejectDuplicates(ref cursor, new DistinctElements(list, areEntries, scratch), reason);
    }
}
