using System.Globalization;
using System.Text;
using Bridge.Core.PubSub;

namespace Bridge.Sqs.Topics;

/// <summary>Messages that are published with one request, with their places in the caller's list. Thread: one at a time.</summary>
internal sealed class SnsBatch
{
    /// <summary>How many messages a request takes.</summary>
    public const int MaxMessages = 10;

    /// <summary>How many bytes they may have together, bodies and attributes. https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html</summary>
    public const int MaxBytes = 256 * 1024;

    private const string List = "PublishBatchRequestEntries.member";

    private readonly List<(int Index, OutgoingMessage Message)> _entries = new(MaxMessages);
    private int _bytes;

    /// <summary>The messages' places in the caller's list.</summary>
    public IEnumerable<int> Indexes => _entries.Select(entry => entry.Index);

    /// <summary>Adds a message if there is room.</summary>
    public bool TryAdd(int index, OutgoingMessage message)
    {
        var size = SizeOf(message);
        if (_entries.Count == MaxMessages || (_entries.Count > 0 && _bytes + size > MaxBytes))
        {
            return false;
        }

        _entries.Add((index, message));
        _bytes += size;
        return true;
    }

    /// <summary>How much of a request's bytes a message takes.</summary>
    public static int SizeOf(OutgoingMessage message)
    {
        var size = message.Body.Length;
        foreach (var (name, value) in EmptyAttributes.Replace(message.Attributes))
        {
            size += name.Length + "String".Length + Encoding.UTF8.GetByteCount(value);
        }

        return size;
    }

    /// <summary>The request. The entries' ids are the places in the caller's list.</summary>
    public SnsForm ToForm(string topicArn, bool isFifo)
    {
        var form = new SnsForm("PublishBatch").Add("TopicArn", topicArn);
        for (var i = 0; i < _entries.Count; i++)
        {
            var (index, message) = _entries[i];
            form.Add(List, i + 1, "Id", index.ToString(CultureInfo.InvariantCulture));
            form.Add(List, i + 1, "Message", AwsText.OfJson(message.Body.Span));
            if (isFifo)
            {
                form.Add(List, i + 1, "MessageGroupId", FifoIds.GroupOf(message));
                form.Add(List, i + 1, "MessageDeduplicationId", FifoIds.DeduplicationOf(message));
            }

            AddAttributes(form, string.Create(CultureInfo.InvariantCulture, $"{List}.{i + 1}.MessageAttributes.entry"), message);
        }

        return form;
    }

    private static void AddAttributes(SnsForm form, string list, OutgoingMessage message)
    {
        var number = 0;
        foreach (var (name, value) in EmptyAttributes.Replace(message.Attributes))
        {
            number++;
            form.Add(list, number, "Name", name);
            form.Add(list, number, "Value.DataType", "String");
            form.Add(list, number, "Value.StringValue", value);
        }
    }
}
