using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Amqp;
using Amqp.Sasl;
using Amqp.Types;
using Bridge.Core.PubSub;

namespace Bridge.AzureServiceBus.Connections;

/// <content>How the connection is made.</content>
internal sealed partial class Line
{
    // More than a process subscribes to, and keys of one subscription that are handled at a time.
    private const ushort MaxSessions = 2048;
    private const int MaxLinks = 4096;
    private const int FrameSize = 64 * 1024;
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(1);

    /// <summary>Connects.</summary>
    /// <exception cref="BrokerException">The service can't be reached, or doesn't let this process in.</exception>
    internal static async Task<Line> OpenAsync(ServiceBusBrokerOptions options, ServiceBusNamespace place, TimeProvider time, CancellationToken cancellation)
    {
        var what = $"Azure Service Bus at {place}";
        var factory = new ConnectionFactory();
        factory.AMQP.ContainerId = $"encore-{Guid.NewGuid():N}";
        factory.AMQP.HostName = place.Host;
        factory.AMQP.MaxSessionsPerConnection = MaxSessions;
        factory.AMQP.MaxLinksPerSession = MaxLinks;
        factory.AMQP.MaxFrameSize = FrameSize;
        factory.AMQP.IdleTimeout = (int)Idle.TotalMilliseconds;
        factory.TCP.NoDelay = true;
        var isPassword = options.SignIn == ServiceBusSignIn.Password;
        if (!isPassword)
        {
            factory.SASL.Profile = SaslProfile.Anonymous;
        }

        if (options.Authority is { } authority)
        {
            factory.SSL.RemoteCertificateValidationCallback = (_, presented, _, problems) => RestsOn(authority, presented, problems);
        }

        var address = new Address(
            place.Host, place.Port, isPassword ? place.KeyName : null, isPassword ? place.Key : null, "/", place.IsEmulator ? "amqp" : "amqps");
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(options.ConnectTimeout);
        try
        {
            var connection = await factory.CreateAsync(address, timeout.Token).WaitAsync(timeout.Token);
            var line = new Line(options, place, time, connection);
            if (!isPassword)
            {
                _ = line.RenewTokensAsync();
            }

            return line;
        }
        catch (OperationCanceledException error) when (!cancellation.IsCancellationRequested)
        {
            throw new BrokerException($"{what} doesn't answer within {options.ConnectTimeout.TotalSeconds} s.", "See that the namespace exists and that its ports 5671 and 443 can be reached.", inner: error);
        }
        catch (AmqpException error) when (isPassword && Equals(error.Error?.Condition, new Symbol("amqp:unauthorized-access")))
        {
            throw Failures.NotLetIn($"{what} doesn't take the policy's name and key", error);
        }
        catch (Exception error) when (Failures.IsOfTheClient(error))
        {
            throw Failures.Translate(what, error);
        }
    }

    private static bool RestsOn(string authority, X509Certificate? presented, SslPolicyErrors problems)
    {
        if (presented is null || (problems & ~SslPolicyErrors.RemoteCertificateChainErrors) != SslPolicyErrors.None)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.CustomTrustStore.ImportFromPem(authority);
        using var certificate = X509CertificateLoader.LoadCertificate(presented.GetRawCertData());
        return chain.Build(certificate);
    }
}
