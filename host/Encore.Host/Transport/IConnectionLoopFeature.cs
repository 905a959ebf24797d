using Bridge.Core.Isolates;

namespace Encore.Host.Transport;

/// <summary>What a connection says of the thread that reads and writes its socket.</summary>
internal interface IConnectionLoopFeature
{
    /// <summary>The loop.</summary>
    RequestLoop Loop { get; }
}
