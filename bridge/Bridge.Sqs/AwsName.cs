using System.Security.Cryptography;
using System.Text;

namespace Bridge.Sqs;

/// <summary>A topic or a queue as the configuration gives it: an ARN, a queue's URL or a plain name. Immutable.</summary>
internal sealed record AwsName
{
    /// <summary>How FIFO topics and queues have to end.</summary>
    public const string FifoSuffix = ".fifo";

    /// <summary>Longest name of a queue.</summary>
    public const int MaxQueueName = 80;

    private const string DeadSuffix = "-dead";

    /// <summary>The name within its account and region.</summary>
    public required string Name { get; init; }

    /// <summary>The whole ARN; null where none was given.</summary>
    public string? Arn { get; init; }

    /// <summary>The queue's URL; null where none was given.</summary>
    public string? Url { get; init; }

    /// <summary>Whose it is, as an account's number; null where it wasn't said.</summary>
    public string? Account { get; init; }

    /// <summary>Where it is; null where it wasn't said.</summary>
    public string? Region { get; init; }

    /// <summary>Whether it keeps order and knows duplicates.</summary>
    public bool IsFifo => Name.EndsWith(FifoSuffix, StringComparison.Ordinal);

    /// <summary>Whether it was given as a plain name.</summary>
    public bool IsPlain => Arn is null && Url is null;

    /// <summary>Reads what the configuration gives.</summary>
    public static AwsName Parse(string address)
    {
        // arn:aws:sqs:eu-west-1:123456789012:name
        if (address.StartsWith("arn:", StringComparison.Ordinal) && address.Split(':', 6) is [_, _, _, var region, var account, var name])
        {
            return new AwsName { Name = name, Arn = address, Account = account, Region = region };
        }

        if (Uri.TryCreate(address, UriKind.Absolute, out var url) && url.Scheme is "https" or "http")
        {
            // https://sqs.eu-west-1.amazonaws.com/123456789012/name
            var host = url.Host.Split('.');
            var path = url.AbsolutePath.Trim('/').Split('/');
            return new AwsName
            {
                Name = path[^1],
                Url = address,
                Account = path.Length > 1 ? path[^2] : null,
                Region = host is ["sqs", var place, "amazonaws", ..] ? place : null,
            };
        }

        return new AwsName { Name = address };
    }

    /// <summary>A plain name for a queue, no longer than queues' names may be: what is too long is cut and told apart by its hash.</summary>
    public static string FitQueueName(string name, string suffix)
    {
        if (name.Length + suffix.Length <= MaxQueueName)
        {
            return name + suffix;
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..10];
        return $"{name[..(MaxQueueName - suffix.Length - hash.Length - 1)]}-{hash}{suffix}";
    }

    /// <summary>The name of the queue that keeps this one's dead letters. Never FIFO: they have no order to keep.</summary>
    public string DeadLetterName() => FitQueueName(IsFifo ? Name[..^FifoSuffix.Length] : Name, DeadSuffix);
}
