using System.Text;
using Bridge.Postgres.Queries;

namespace Bridge.Postgres.FastLane;

/// <summary>Reads what a server answers to one statement after another. Thread: one.</summary>
internal sealed class LaneAnswers(Stream stream) : IDisposable
{
    private readonly BackendReader _reader = new(stream);
    private readonly LaneRows _rows = new();
    private bool _hasBegun;
    private bool _hasFailed;

    /// <summary>Waits for more.</summary>
    /// <exception cref="IOException">The connection is lost.</exception>
    internal void Fill() => _reader.Fill();

    /// <summary>Reads what there is for a statement.</summary>
    /// <param name="query">The one whose turn it is.</param>
    /// <param name="answer">Its answer; without text where it has to be run elsewhere.</param>
    /// <returns>False where the end of its answer isn't there yet.</returns>
    /// <exception cref="InvalidDataException">It is no answer.</exception>
    internal bool TryRead(LaneQuery query, out LaneAnswer answer)
    {
        answer = default;
        if (!_hasBegun)
        {
            _hasBegun = true;
            _hasFailed = false;
            _rows.Begin();
        }

        while (_reader.TryRead(out var type, out var body))
        {
            switch (type)
            {
                case (byte)'D':
                    AddRow(query, body);
                    break;
                case (byte)'T':
                    query.Prepared?.Describe(body);
                    break;
                case (byte)'E':
                    Fail(query, body);
                    break;
                case (byte)'Z':
                    _hasBegun = false;
                    answer = End(query);
                    return true;

                // Done: Parse, Bind, Close, the command, parameters' types, no columns. By the way: a notice, a setting, a notification.
                case (byte)'1' or (byte)'2' or (byte)'3' or (byte)'C' or (byte)'t' or (byte)'n' or (byte)'N' or (byte)'S' or (byte)'A':
                    break;
                default:
                    throw new InvalidDataException($"a message of type {type}");
            }
        }

        return false;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _reader.Dispose();
        _rows.Dispose();
    }

    private void AddRow(LaneQuery query, ReadOnlySpan<byte> body)
    {
        if (_hasFailed || query.IsAbandoned)
        {
            return;
        }

        if (query.Prepared?.Shape is not { } shape)
        {
            _hasFailed = true;
            return;
        }

        try
        {
            _rows.Add(body, shape, query.Mode);
        }
        catch (FormatException)
        {
            // The type has changed.
            _hasFailed = true;
        }
    }

    private LaneAnswer End(LaneQuery query) =>
        _hasFailed || query.Prepared?.Shape is not { } shape ? default : _rows.End(query.Request, shape);

    private void Fail(LaneQuery query, ReadOnlySpan<byte> body)
    {
        _hasFailed = true;
        var state = StateOf(body);
        if (state == Errors.SqlStates.ReadOnlyTransaction)
        {
            query.Request.Statement.Writes = true;
        }
    }

    // Fields: a letter, a text, a zero; C is the SQLSTATE.
    private static string StateOf(ReadOnlySpan<byte> body)
    {
        while (body.Length > 1)
        {
            var length = body[1..].IndexOf((byte)0);
            if (length < 0)
            {
                break;
            }

            if (body[0] == (byte)'C')
            {
                return Encoding.ASCII.GetString(body.Slice(1, length));
            }

            body = body[(length + 2)..];
        }

        return "";
    }
}
