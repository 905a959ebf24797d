using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Bridge.Core.PubSub;

namespace Bridge.AzureServiceBus.Connections;

/// <summary>A namespace as a connection string gives it. Immutable.</summary>
internal sealed record ServiceBusNamespace
{
    private const int PlainPort = 5672;
    private const int EncryptedPort = 5671;
    private const int EmulatorManagementPort = 5300;

    private ServiceBusNamespace()
    {
    }

    /// <summary>Its host.</summary>
    internal required string Host { get; init; }

    /// <summary>Its AMQP port.</summary>
    internal required int Port { get; init; }

    /// <summary>Whether it is an emulator, whose connections aren't encrypted.</summary>
    internal required bool IsEmulator { get; init; }

    /// <summary>The policy's name; "" with a ready signature.</summary>
    internal required string KeyName { get; init; }

    /// <summary>The policy's key; "" with a ready signature.</summary>
    internal required string Key { get; init; }

    /// <summary>A signature that somebody else made; null where there is a key.</summary>
    internal string? Signature { get; init; }

    /// <summary>Where topics and subscriptions are made.</summary>
    internal Uri ManagementEndpoint =>
        new(IsEmulator ? string.Create(CultureInfo.InvariantCulture, $"http://{Host}:{EmulatorManagementPort}/") : $"https://{Host}/");

    /// <summary>Reads a connection string.</summary>
    /// <exception cref="BrokerException">It is malformed.</exception>
    internal static ServiceBusNamespace Parse(string connectionString)
    {
        var parts = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in connectionString.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            // A key is base64, which may end with the sign that parts are split by.
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                throw Malformed("one of its parts has no name");
            }

            parts[part[..equals].Trim()] = part[(equals + 1)..].Trim();
        }

        if (!parts.TryGetValue("Endpoint", out var endpoint) || !Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) || uri.Host.Length == 0)
        {
            throw Malformed("it has no Endpoint=sb://name.servicebus.windows.net/");
        }

        var signature = parts.GetValueOrDefault("SharedAccessSignature");
        if (signature is null && (!parts.ContainsKey("SharedAccessKeyName") || !parts.ContainsKey("SharedAccessKey")))
        {
            throw Malformed("it has neither SharedAccessKeyName and SharedAccessKey nor SharedAccessSignature");
        }

        var isEmulator = string.Equals(parts.GetValueOrDefault("UseDevelopmentEmulator"), "true", StringComparison.OrdinalIgnoreCase);
        return new ServiceBusNamespace
        {
            Host = uri.IdnHost,
            Port = uri.IsDefaultPort || uri.Port <= 0 ? (isEmulator ? PlainPort : EncryptedPort) : uri.Port,
            IsEmulator = isEmulator,
            KeyName = parts.GetValueOrDefault("SharedAccessKeyName", ""),
            Key = parts.GetValueOrDefault("SharedAccessKey", ""),
            Signature = signature,
        };
    }

    /// <summary>A token for the whole namespace.</summary>
    /// <param name="ends">When it ends.</param>
    // https://learn.microsoft.com/azure/service-bus-messaging/service-bus-sas: a signature over the resource and the end.
    internal string Sign(DateTimeOffset ends)
    {
        if (Signature is not null)
        {
            return Signature;
        }

        var resource = WebUtility.UrlEncode($"sb://{Host}/");
        var end = ends.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(Key), Encoding.UTF8.GetBytes($"{resource}\n{end}"));
        return $"SharedAccessSignature sr={resource}&sig={WebUtility.UrlEncode(Convert.ToBase64String(signature))}&se={end}&skn={WebUtility.UrlEncode(KeyName)}";
    }

    /// <inheritdoc/>
    /// <remarks>Without the key.</remarks>
    public override string ToString() => Port is EncryptedPort ? Host : string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");

    private static BrokerException Malformed(string what) =>
        new($"The connection string of Azure Service Bus can't be used: {what}.", "Copy it from the namespace's shared access policies.", isTransient: false);
}
