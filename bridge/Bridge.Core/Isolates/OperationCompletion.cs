using Bridge.Core.Operations;

namespace Bridge.Core.Isolates;

/// <summary>An operation that is over, on its way back to the script.</summary>
internal sealed class OperationCompletion(int id, bool succeeded, OperationOutcome outcome) : WorkItem
{
    internal int Id => id;

    internal bool Succeeded => succeeded;

    internal OperationOutcome Outcome => outcome;
}
