using Bridge.Core.PubSub;

namespace Bridge.Nsq;

/// <summary>Says what goes wrong with an nsqd.</summary>
internal static class NsqErrors
{
    private const string LookHelp = "Look whether nsqd runs there and can be reached from here.";

    /// <summary>No connection can be made.</summary>
    public static BrokerException Unreachable(string address, Exception inner) =>
        new($"nsqd at {address} can't be reached: {inner.Message}", LookHelp, inner: inner);

    /// <summary>The connection ended by itself.</summary>
    public static BrokerException Broken(string address, Exception inner) =>
        new($"The connection to nsqd at {address} broke: {inner.Message}", LookHelp, inner: inner);

    /// <summary>What comes isn't what nsqd would send.</summary>
    public static BrokerException Garbled(string address, InvalidDataException inner) => new(
        $"The connection to nsqd at {address} broke: {inner.Message}.",
        "Look whether it is nsqd that listens there, and whether something on the way changes what is sent; compression \"none\" in the configuration rules compression out.",
        inner: inner);

    /// <summary>nsqd has no certificate.</summary>
    public static BrokerException NoTls(string address) => new(
        $"nsqd at {address} doesn't speak TLS.", "Start it with --tls-cert and --tls-key, or leave TLS out of the configuration.", isTransient: false);

    /// <summary>nsqd wants a secret, and there is none.</summary>
    public static BrokerException NoSecret(string address) => new(
        $"nsqd at {address} asks for a secret.", "Put it into the configuration.", isTransient: false);

    /// <summary>nsqd doesn't compress as it should.</summary>
    /// <param name="address">Where it is.</param>
    /// <param name="compression">As the configuration and nsqd call it.</param>
    public static BrokerException NotGranted(string address, string compression) => new(
        $"nsqd at {address} doesn't compress its connections by {compression}.",
        $"Start it without --{compression}=false, or set compression to another kind or \"none\" in the configuration.",
        isTransient: false);

    /// <summary>nsqd doesn't answer.</summary>
    public static BrokerException Silent(string address, Exception? inner) =>
        new($"nsqd at {address} doesn't answer.", LookHelp, inner: inner);

    /// <summary>This program has ended the connection.</summary>
    public static BrokerException Closed(string address) => new($"The connection to nsqd at {address} is closed.");

    /// <summary>nsqd says no.</summary>
    /// <param name="address">Where it is.</param>
    /// <param name="error">Its error: a code, then words.</param>
    public static BrokerException Refused(string address, string error)
    {
        var code = error.Split(' ', 2)[0];
        return new BrokerException($"nsqd at {address} refuses: {error}", HelpFor(code), code is "E_PUB_FAILED" or "E_MPUB_FAILED" or "E_DPUB_FAILED");
    }

    private static string HelpFor(string code) => code switch
    {
        "E_AUTH_FAILED" or "E_UNAUTHORIZED" or "E_AUTH_DISABLED" or "E_AUTH_ERROR" => "Look at the secret in the configuration, and what the authorization server lets it do.",
        "E_BAD_MESSAGE" => "Make the message smaller, or raise nsqd's --max-msg-size and maxMessageSize in the configuration.",
        "E_BAD_BODY" => "nsqd's own bounds are smaller than the configuration's: look at --max-msg-timeout, --max-heartbeat-interval and --max-body-size.",
        "E_BAD_TOPIC" or "E_BAD_CHANNEL" => "Give the topic another name in the configuration.",
        "E_PUB_FAILED" or "E_MPUB_FAILED" or "E_DPUB_FAILED" => "Look at nsqd's log and at its disk.",
        _ => "",
    };
}
