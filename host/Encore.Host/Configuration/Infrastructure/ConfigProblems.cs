using System.Globalization;
using System.Text;

namespace Encore.Host.Configuration.Infrastructure;

/// <summary>All that is wrong with a configuration file, with places.</summary>
/// <param name="file">The file as the messages name it.</param>
/// <param name="bytes">Its content.</param>
/// <param name="lines">Receives a line for each problem.</param>
internal sealed class ConfigProblems(string file, byte[] bytes, ICollection<string> lines)
{
    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>Adds one: <c>infra.config.json:3:5: cors.debug: what is wrong; what to do</c>.</summary>
    /// <param name="offset">Where, in bytes from the file's start.</param>
    /// <param name="path">The key's path; "" for none.</param>
    /// <param name="message">What is wrong, and what to do about it.</param>
    public void Add(int offset, string path, string message)
    {
        var before = bytes.AsSpan(0, Math.Min(offset, bytes.Length));
        var line = before.Count((byte)'\n') + 1;
        var column = Encoding.UTF8.GetCharCount(before[(before.LastIndexOf((byte)'\n') + 1)..]) + 1;
        var key = path.Length == 0 ? "" : path + ": ";
        lines.Add(string.Create(CultureInfo.InvariantCulture, $"{file}:{line}:{column}: {key}{message}"));
        Count++;
    }
}
