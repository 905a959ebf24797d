namespace Bridge.Core.Isolates;

/// <summary>Tells the isolate that the client of a call has left.</summary>
/// <param name="call">The call; it may serve another request by now.</param>
/// <param name="use">The use of it that is meant.</param>
internal sealed class CallCancellation(HandlerCall call, int use) : WorkItem
{
    /// <summary>The call; null where it was answered meanwhile. Thread: the isolate's.</summary>
    internal HandlerCall? Call => call.Use == use ? call : null;
}
