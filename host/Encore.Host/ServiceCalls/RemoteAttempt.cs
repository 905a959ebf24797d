namespace Encore.Host.ServiceCalls;

/// <summary>What came of one attempt to reach another host.</summary>
/// <typeparam name="T">What is to be had there.</typeparam>
/// <param name="Result">That; meaningless unless <paramref name="HasResult"/>.</param>
/// <param name="HasResult">Whether the attempt brought it.</param>
/// <param name="Fault">Why it didn't.</param>
/// <param name="MayRepeat">Whether another attempt does no harm, and may do better.</param>
internal readonly record struct RemoteAttempt<T>(T? Result, bool HasResult, string Fault, bool MayRepeat)
{
    /// <summary>An attempt that brought nothing.</summary>
    public static RemoteAttempt<T> Failed(string fault, bool mayRepeat) => new(default, HasResult: false, fault, mayRepeat);

    /// <summary>An attempt that brought what it was to bring.</summary>
    public static RemoteAttempt<T> Succeeded(T result, bool mayRepeat = false) => new(result, HasResult: true, "", mayRepeat);
}
