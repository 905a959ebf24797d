using Jint;

namespace Bridge.Jint;

/// <summary>Lets another thread end the running script: Jint asks its constraints at every statement.</summary>
internal sealed class InterruptConstraint : Constraint
{
    private volatile bool _requested;

    public override void Check()
    {
        if (_requested)
        {
            _requested = false;
            throw new OperationCanceledException("The script was interrupted.");
        }
    }

    public override void Reset() => _requested = false;

    /// <summary>Thread: any.</summary>
    internal void Request() => _requested = true;
}
