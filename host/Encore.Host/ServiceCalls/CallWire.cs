namespace Encore.Host.ServiceCalls;

/// <summary>What hosts of one application say to each other: names that both sides have in common.</summary>
/// <remarks>
/// A call is <c>POST /__encore/call/&lt;service&gt;.&lt;endpoint&gt;</c> with <c>[auth data or null, parameters or null]</c> as JSON: all
/// parameters are fields of one object, wherever a client would send them. A stream is opened by a WebSocket at the same path: that array is
/// the caller's first message, and all other messages say by their first character what they are. docs/several-hosts.md describes it for
/// whoever has to let it through.
/// </remarks>
internal static class CallWire
{
    /// <summary>What the paths of calls begin with; no application's route can take its place.</summary>
    public const string PathPrefix = "/__encore/call/";

    /// <summary>Holds the call's signature: see <see cref="CallSignature"/>.</summary>
    public const string SignatureHeader = "x-encore-call";

    /// <summary>Holds the milliseconds that the caller waits; missing for as long as it takes.</summary>
    public const string TimeoutHeader = "x-encore-call-timeout";

    /// <summary>Says what an answer is; one without comes from something else than a host.</summary>
    public const string AnswerHeader = "x-encore-call-answer";

    /// <summary>The endpoint's answer: JSON, or nothing where it answered nothing.</summary>
    public const string ValueAnswer = "value";

    /// <summary>The endpoint's error: <c>{"code","message","details","cause"?}</c>.</summary>
    public const string ErrorAnswer = "error";

    /// <summary>The host doesn't take the call; the body says why, as an error.</summary>
    public const string RefusedAnswer = "refused";

    /// <summary>Of a stream, from its host: the handler begins.</summary>
    public const byte Opened = (byte)'o';

    /// <summary>Of a stream, both ways: a message follows, as JSON.</summary>
    public const byte Message = (byte)'m';

    /// <summary>Of a stream, both ways: that many of the other side's messages are taken; a number follows.</summary>
    public const byte Grant = (byte)'g';

    /// <summary>Of a stream, from its caller: there are no more messages.</summary>
    public const byte EndOfMessages = (byte)'c';

    /// <summary>Of a stream, from its host: what the handler answered follows, as JSON.</summary>
    public const byte Response = (byte)'r';

    /// <summary>Of a stream, from its host: the error follows that ends it, as the body of an <see cref="ErrorAnswer"/>.</summary>
    public const byte Error = (byte)'e';

    /// <summary>How long each side waits for what the other says without asking its application: the answer to an upgrade, the call after it.</summary>
    public static readonly TimeSpan OpeningTimeout = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How many times the messages that a side has room for the other may send it. Hosts keep to that room, of which each knows its own
    /// measure; so many come from something that keeps to none.
    /// </summary>
    public const int LargestOverrun = 4;

    /// <summary>An endpoint's name in a path.</summary>
    public static string NameOf(string service, string endpoint) => $"{service}.{endpoint}";
}
