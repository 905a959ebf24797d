namespace Encore.Host.Routing;

/// <summary>What the route table knows of a request.</summary>
/// <param name="Route">The matching route's number, or -1.</param>
/// <param name="ValueCount">How many path values were found; they are in path order.</param>
/// <param name="Allowed">Without a match: the methods that would have matched this path (<see cref="RouteMethods.Bit"/>), listed routes only; 0: no such path.</param>
public readonly record struct RouteMatch(int Route, int ValueCount, int Allowed)
{
    /// <summary>Whether a route matched.</summary>
    public bool IsFound => Route >= 0;
}
