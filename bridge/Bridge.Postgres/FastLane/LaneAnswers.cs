using System.Text;
using Bridge.Postgres.Queries;

namespace Bridge.Postgres.FastLane;

/// <summary>Reads what a server answers to one statement after another. Thread: one.</summary>
internal sealed class LaneAnswers(Stream stream) : IDisposable
{
    private readonly BackendReader _reader = new(stream);
    private readonly LaneRows _rows = new();
    private bool _isUnreadable;

    /// <summary>Waits for more.</summary>
    /// <exception cref="IOException">The connection is lost.</exception>
    internal void Fill() => _reader.Fill();

    /// <summary>Reads what there is for a batch.</summary>
    /// <param name="batch">The one whose turn it is.</param>
    /// <returns>False where its end isn't there yet.</returns>
    /// <exception cref="InvalidDataException">It is no answer.</exception>
    internal bool TryRead(LaneBatch batch)
    {
        while (_reader.TryRead(out var type, out var body))
        {
            switch (type)
            {
                case (byte)'D':
                    AddRow(batch.Current, body);
                    break;
                case (byte)'C':
                    Complete(batch);
                    break;
                case (byte)'T':
                    batch.Current.Prepared?.Describe(body);
                    break;
                case (byte)'E':
                    Fail(batch, body);
                    break;
                case (byte)'Z':
                    return batch.IsAnswered || batch.Failure is not null ? true : throw new InvalidDataException("fewer answers than statements");

                // Done: Parse, Bind, Close, parameters' types, no columns. By the way: a notice, a setting, a notification.
                case (byte)'1' or (byte)'2' or (byte)'3' or (byte)'t' or (byte)'n' or (byte)'N' or (byte)'S' or (byte)'A':
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
        if (_isUnreadable || query.IsAbandoned)
        {
            return;
        }

        if (query.Prepared?.Shape is not { } shape)
        {
            _isUnreadable = true;
            return;
        }

        try
        {
            _rows.Add(body, shape, query.Mode);
        }
        catch (FormatException)
        {
            // The type has changed.
            _isUnreadable = true;
        }
    }

    private void Complete(LaneBatch batch)
    {
        var query = batch.Current;
        batch.Complete(_isUnreadable || query.Prepared?.Shape is not { } shape ? default : _rows.End(query.Request, shape));
        Begin();
    }

    private void Fail(LaneBatch batch, ReadOnlySpan<byte> body)
    {
        batch.Fail(StateOf(body));
        Begin();
    }

    private void Begin()
    {
        _isUnreadable = false;
        _rows.Begin();
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
