using Bridge.Core.Scripting;

namespace Bridge.Core.Isolates;

/// <summary>What an isolate loads: the application's module, and where its handlers are.</summary>
/// <param name="Source">The bundle, an ES module.</param>
/// <param name="Endpoints">The handlers; an endpoint's id is its index here.</param>
public sealed record ApplicationBundle(ScriptSource Source, IReadOnlyList<EndpointBinding> Endpoints)
{
    /// <summary>The services that have a module of their own.</summary>
    public IReadOnlyList<ServiceBinding> Services { get; init; } = [];

    /// <summary>The topics that messages are published to.</summary>
    public IReadOnlyList<TopicBinding> Topics { get; init; } = [];

    /// <summary>The subscriptions; one's id in calls is its index here, added to the number of <see cref="Endpoints"/>.</summary>
    public IReadOnlyList<SubscriptionBinding> Subscriptions { get; init; } = [];

    /// <summary>The application's auth handler; null where it has none.</summary>
    public AuthBinding? AuthHandler { get; init; }

    /// <summary>Checks and copies what services pass each other; null for nothing.</summary>
    public ICallScripts? CallScripts { get; init; }
}

/// <summary>Where an endpoint's handler is, and how its parameters become what TypeScript calls them.</summary>
/// <param name="Service">The service's name.</param>
/// <param name="Name">The endpoint's name.</param>
/// <param name="Module">The module that exports it, as the bundle's entry names it.</param>
/// <param name="ExportName">The export's name.</param>
/// <param name="Reviver">
/// A JavaScript function expression that turns normalised values into Date, bigint and the like; null where there are none.
/// </param>
/// <param name="Lowerer">
/// A JavaScript function expression that turns what the handler returns into what <c>JSON.stringify</c> carries; null where that is the same.
/// </param>
public sealed record EndpointBinding(string Service, string Name, string Module, string ExportName, string? Reviver, string? Lowerer = null)
{
    /// <summary>typed, raw, streamIn, streamOut, streamInOut or static.</summary>
    public string Kind { get; init; } = "typed";

    /// <summary>Of a stream: whether its handler takes the handshake's parameters before the stream.</summary>
    public bool TakesHandshake { get; init; }

    /// <summary>Of a stream: as <see cref="Reviver"/>, for what the client sends.</summary>
    public string? MessageReviver { get; init; }

    /// <summary>Of a stream: as <see cref="Lowerer"/>, for what the handler sends.</summary>
    public string? MessageLowerer { get; init; }

    /// <summary>Whether clients may call it.</summary>
    public bool IsExposed { get; init; }

    /// <summary>Whether only authenticated callers may.</summary>
    public bool NeedsAuth { get; init; }

    /// <summary>Whether its payload is kept out of logs and errors.</summary>
    public bool IsSensitive { get; init; }

    /// <summary>Whether it takes parameters.</summary>
    public bool TakesParams { get; init; } = true;

    /// <summary>Its tags.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>How it is called where another host runs it; null where this one does.</summary>
    public RemoteBinding? Remote { get; init; }
}

/// <summary>How values cross to a host that runs an endpoint, and back.</summary>
/// <param name="RequestLowerer">As <see cref="EndpointBinding.Lowerer"/>, for what the caller passes.</param>
/// <param name="AnswerReviver">As <see cref="EndpointBinding.Reviver"/>, for what comes back.</param>
public sealed record RemoteBinding(string? RequestLowerer, string? AnswerReviver)
{
    /// <summary>Of a stream: as <see cref="RequestLowerer"/>, for what the caller sends.</summary>
    public string? MessageLowerer { get; init; }

    /// <summary>Of a stream: as <see cref="AnswerReviver"/>, for what the handler sends.</summary>
    public string? MessageReviver { get; init; }
}

/// <summary>
/// The scripts by which values between services are checked and copied; see <see cref="Calls.ValueChecks"/>. Asked when an endpoint is first
/// called that way. Thread: the isolate's.
/// </summary>
public interface ICallScripts
{
    /// <summary>An expression whose value is the function <c>(Decimal, check) => support</c>.</summary>
    string Support { get; }

    /// <summary>The scripts of an endpoint.</summary>
    /// <param name="endpoint">The endpoint's id.</param>
    Calls.ValueCheck Of(int endpoint);

    /// <summary>What scripts call as <c>check</c>.</summary>
    HostFunctionBody Check { get; }
}

/// <summary>Where a service's <c>Service</c> is, which says what runs around its handlers.</summary>
/// <param name="Name">The service's name.</param>
/// <param name="Module">The module that exports it.</param>
/// <param name="ExportName">The export's name.</param>
public sealed record ServiceBinding(string Name, string Module, string ExportName);

/// <summary>A topic, and how its messages cross.</summary>
/// <param name="Name">The topic's name.</param>
/// <param name="Lowerer">As <see cref="EndpointBinding.Lowerer"/>, for what is published.</param>
/// <param name="Reviver">As <see cref="EndpointBinding.Reviver"/>, for what a subscription's handler gets.</param>
public sealed record TopicBinding(string Name, string? Lowerer, string? Reviver);

/// <summary>A subscription, whose handler the application makes known when its module is loaded.</summary>
/// <param name="Topic">The topic's name, of one of <see cref="ApplicationBundle.Topics"/>.</param>
/// <param name="Name">The subscription's name.</param>
/// <param name="Service">The service that it belongs to; "" for none.</param>
/// <param name="Module">The module that makes it, for messages to people.</param>
/// <remarks>
/// It is called with a payload <c>{"id","attempt","at","message"}</c>: the message's id, how often it has been delivered with this time, when it
/// was published (ISO 8601), and the message itself, normalised. Its answer is empty.
/// </remarks>
public sealed record SubscriptionBinding(string Topic, string Name, string Service, string Module)
{
    /// <summary>Whether its messages are kept out of logs and errors.</summary>
    public bool IsSensitive { get; init; }
}

/// <summary>Where the auth handler is.</summary>
/// <param name="Module">The module that exports it.</param>
/// <param name="ExportName">The export's name.</param>
/// <param name="Reviver">As for endpoints.</param>
/// <param name="CacheSeconds">How long a result may be used again for the same parameters; 0 for never.</param>
public sealed record AuthBinding(string Module, string ExportName, string? Reviver, double CacheSeconds)
{
    /// <summary>As <see cref="EndpointBinding.Reviver"/>, for auth data that another host sends along.</summary>
    public string? DataReviver { get; init; }

    /// <summary>As <see cref="EndpointBinding.Lowerer"/>, for auth data that is sent to another host.</summary>
    public string? DataLowerer { get; init; }
}
