using System.Globalization;
using System.Text;

namespace Bridge.Sqs.Topics;

/// <summary>A request of the query API as a form. Thread: one at a time.</summary>
/// <remarks>https://docs.aws.amazon.com/sns/latest/api/CommonParameters.html</remarks>
internal sealed class SnsForm
{
    private readonly StringBuilder _text = new();

    public SnsForm(string action)
    {
        Action = action;
        Add("Action", action);
        Add("Version", "2010-03-31");
    }

    /// <summary>What is asked for.</summary>
    public string Action { get; }

    /// <summary>Adds a parameter.</summary>
    public SnsForm Add(string name, string value)
    {
        if (_text.Length > 0)
        {
            _text.Append('&');
        }

        _text.Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value));
        return this;
    }

    /// <summary>Adds a parameter of a numbered one.</summary>
    /// <param name="list">The list's name.</param>
    /// <param name="number">From 1.</param>
    /// <param name="name">The parameter's own name.</param>
    /// <param name="value">Its value.</param>
    public SnsForm Add(string list, int number, string name, string value) =>
        Add(string.Create(CultureInfo.InvariantCulture, $"{list}.{number}.{name}"), value);

    /// <summary>The body, as <c>application/x-www-form-urlencoded</c>.</summary>
    public byte[] ToBytes() => Encoding.UTF8.GetBytes(_text.ToString());
}
