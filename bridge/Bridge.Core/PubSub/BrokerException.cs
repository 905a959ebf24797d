namespace Bridge.Core.PubSub;

/// <summary>A broker can't be reached, or doesn't do what it is asked.</summary>
/// <param name="message">What is wrong and with which broker, topic or subscription.</param>
/// <param name="help">What to do about it; "" where there is nothing to say.</param>
/// <param name="isTransient">Whether the same may go well later.</param>
/// <param name="inner">What lies behind it.</param>
public sealed class BrokerException(string message, string help = "", bool isTransient = true, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What to do about it; "" where there is nothing to say.</summary>
    public string Help { get; } = help;

    /// <summary>Whether the same may go well later.</summary>
    public bool IsTransient { get; } = isTransient;
}
