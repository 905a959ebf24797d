namespace Bridge.V8;

/// <summary>
/// A host function's exception on its way through ClearScript, which shows a script the message of <see cref="GetBaseException"/>: the
/// innermost one's, while the outermost's is the one meant for it.
/// </summary>
internal sealed class V8HostFunctionException(Exception exception) : Exception(exception.Message, exception)
{
    public override Exception GetBaseException() => this;
}
