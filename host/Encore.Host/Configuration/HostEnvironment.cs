namespace Encore.Host.Configuration;

/// <summary>What the application runs for.</summary>
public enum HostEnvironment
{
    /// <summary>For real: clients never see internal messages.</summary>
    Production,

    /// <summary>On a developer's machine: errors show what happened.</summary>
    Development,
}
