namespace Encore.Host.Routing;

/// <summary>The HTTP methods that endpoints can be declared for.</summary>
public enum RouteMethod
{
    /// <summary>A method that no endpoint can be declared for; it matches no route.</summary>
    Unknown = -1,

    /// <summary>GET</summary>
    Get,

    /// <summary>HEAD</summary>
    Head,

    /// <summary>POST</summary>
    Post,

    /// <summary>PUT</summary>
    Put,

    /// <summary>DELETE</summary>
    Delete,

    /// <summary>OPTIONS</summary>
    Options,

    /// <summary>TRACE</summary>
    Trace,

    /// <summary>PATCH</summary>
    Patch,
}

/// <summary>How methods are written, and sets of them as bits.</summary>
public static class RouteMethods
{
    /// <summary>How many methods there are, <see cref="RouteMethod.Unknown"/> aside.</summary>
    public const int Count = 8;

    private static readonly string[] Names = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"];

    /// <summary>Every method, in the order of the enum.</summary>
    public static IReadOnlyList<RouteMethod> All { get; } = Enumerable.Range(0, Count).Select(index => (RouteMethod)index).ToArray();

    /// <summary>The method as requests write it; "" for <see cref="RouteMethod.Unknown"/>.</summary>
    public static string Name(this RouteMethod method) => method == RouteMethod.Unknown ? "" : Names[(int)method];

    /// <summary>Reads a method; methods are case-sensitive (RFC 9110, section 9.1).</summary>
    public static RouteMethod Parse(string method) => method switch
    {
        "GET" => RouteMethod.Get,
        "POST" => RouteMethod.Post,
        "PUT" => RouteMethod.Put,
        "PATCH" => RouteMethod.Patch,
        "DELETE" => RouteMethod.Delete,
        "HEAD" => RouteMethod.Head,
        "OPTIONS" => RouteMethod.Options,
        "TRACE" => RouteMethod.Trace,
        _ => RouteMethod.Unknown,
    };

    /// <summary>The set that holds this method alone.</summary>
    public static int Bit(this RouteMethod method) => 1 << (int)method;

    /// <summary>A set as the Allow header writes it: <c>GET, POST</c>.</summary>
    public static string Describe(int set) =>
        string.Join(", ", All.Where(method => (set & method.Bit()) != 0).Select(method => method.Name()));
}
