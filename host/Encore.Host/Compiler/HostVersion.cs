using System.Reflection;

namespace Encore.Host.Compiler;

/// <summary>The program's name and version, as artifacts and caches record them.</summary>
public static class HostVersion
{
    /// <summary>The version, such as "0.1.0".</summary>
    public static string Number { get; } =
        typeof(HostVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0.0.0";

    /// <summary>What artifacts name as their generator, such as "encore-host 0.1.0".</summary>
    public static string Generator { get; } = "encore-host " + Number;
}
