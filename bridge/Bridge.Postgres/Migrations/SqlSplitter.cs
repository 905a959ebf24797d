namespace Bridge.Postgres.Migrations;

/// <summary>
/// Splits a text into statements as psql does, so that each can be sent on its own and its place be told: not within quotes, comments,
/// parentheses or the body of a function (BEGIN ATOMIC … END).
/// </summary>
/// <remarks>Sources: PostgreSQL 18, "SQL Syntax / Lexical Structure"; a body's BEGIN, CASE and END nest.</remarks>
internal sealed class SqlSplitter
{
    // Drizzle's separator is a comment; what stands before it needs no semicolon.
    private const string Breakpoint = "--> statement-breakpoint";

    // CREATE OR REPLACE FUNCTION, ROLLBACK TRANSACTION TO: no kind needs more.
    private const int WordsKept = 4;

    private readonly string _text;
    private readonly List<SqlStatement> _statements = [];
    private readonly List<string> _words = [];
    private int _at;
    private int _start = -1;
    private int _parentheses;
    private int _blocks;

    private SqlSplitter(string text) => _text = text;

    /// <summary>The statements of a text; empty ones and comments between them are left out.</summary>
    public static SqlStatement[] Split(string text)
    {
        var splitter = new SqlSplitter(text);
        splitter.Run();
        return [.. splitter._statements];
    }

    private bool IsInRoutine =>
        _words is ["CREATE", "FUNCTION" or "PROCEDURE", ..] or ["CREATE", "OR", "REPLACE", "FUNCTION" or "PROCEDURE", ..];

    private char Current => _text[_at];

    private char Next => _at + 1 < _text.Length ? _text[_at + 1] : '\0';

    private void Run()
    {
        while (_at < _text.Length)
        {
            if (char.IsWhiteSpace(Current) || Current == '\uFEFF')
            {
                _at++;
            }
            else if (!SkipComment())
            {
                ReadToken();
            }
        }

        End();
    }

    private bool SkipComment()
    {
        if (Current == '-' && Next == '-')
        {
            var end = _text.IndexOf('\n', _at);
            if (_text.AsSpan(_at).StartsWith(Breakpoint, StringComparison.Ordinal))
            {
                End();
            }

            _at = end < 0 ? _text.Length : end;
            return true;
        }

        if (Current == '/' && Next == '*')
        {
            SkipBlockComment();
            return true;
        }

        return false;
    }

    // They nest.
    private void SkipBlockComment()
    {
        var depth = 0;
        do
        {
            var (opens, closes) = (Current == '/' && Next == '*', Current == '*' && Next == '/');
            depth += opens ? 1 : closes ? -1 : 0;
            _at += opens || closes ? 2 : 1;
        }
        while (depth > 0 && _at < _text.Length);
    }

    private void ReadToken()
    {
        if (Current == ';' && _parentheses == 0 && _blocks == 0)
        {
            End();
            _at++;
            return;
        }

        _start = _start < 0 ? _at : _start;
        switch (Current)
        {
            case '\'':
                SkipQuoted('\'', escapes: false);
                break;
            case '"':
                SkipQuoted('"', escapes: false);
                break;
            case '$':
                SkipDollarQuoted();
                break;
            case '(':
                _parentheses++;
                _at++;
                break;
            case ')':
                _parentheses = Math.Max(0, _parentheses - 1);
                _at++;
                break;
            case var letter when IsWordStart(letter):
                ReadWord();
                break;
            default:
                SkipNumberOrSign();
                break;
        }
    }

    private void ReadWord()
    {
        var begin = _at;
        while (_at < _text.Length && IsWordPart(Current))
        {
            _at++;
        }

        var word = _text[begin.._at].ToUpperInvariant();
        if (word == "E" && _at < _text.Length && Current == '\'')
        {
            SkipQuoted('\'', escapes: true);
            return;
        }

        if (_words.Count < WordsKept)
        {
            _words.Add(word);
        }

        if (_parentheses == 0 && IsInRoutine)
        {
            _blocks += word switch
            {
                "BEGIN" => 1,
                "CASE" when _blocks > 0 => 1,
                "END" when _blocks > 0 => -1,
                _ => 0,
            };
        }
    }

    // A digit's letters belong to it: 1e5, and $1 isn't the beginning of a quotation.
    private void SkipNumberOrSign()
    {
        var isNumber = char.IsAsciiDigit(Current);
        do
        {
            _at++;
        }
        while (isNumber && _at < _text.Length && IsWordPart(Current));
    }

    private void SkipQuoted(char quote, bool escapes)
    {
        for (_at++; _at < _text.Length; _at++)
        {
            if (escapes && Current == '\\')
            {
                _at++;
            }
            else if (Current == quote && Next == quote)
            {
                _at++;
            }
            else if (Current == quote)
            {
                _at++;
                return;
            }
        }
    }

    private void SkipDollarQuoted()
    {
        var end = _at + 1;
        while (end < _text.Length && _text[end] != '$' && IsWordPart(_text[end]))
        {
            end++;
        }

        if (end >= _text.Length || _text[end] != '$' || char.IsAsciiDigit(_text[_at + 1]))
        {
            _at++;
            SkipNumberOrSignAfterDollar();
            return;
        }

        var tag = _text[_at..(end + 1)];
        var close = _text.IndexOf(tag, end + 1, StringComparison.Ordinal);
        _at = close < 0 ? _text.Length : close + tag.Length;
    }

    private void SkipNumberOrSignAfterDollar()
    {
        while (_at < _text.Length && char.IsAsciiDigit(Current))
        {
            _at++;
        }
    }

    private void End()
    {
        if (_start >= 0)
        {
            _statements.Add(new SqlStatement(_start, _text[_start.._at].TrimEnd(), string.Join(' ', _words)));
        }

        _start = -1;
        _words.Clear();
        (_parentheses, _blocks) = (0, 0);
    }

    private static bool IsWordStart(char letter) => char.IsLetter(letter) || letter == '_' || letter >= '\u0080';

    private static bool IsWordPart(char letter) => IsWordStart(letter) || char.IsAsciiDigit(letter) || letter == '$';
}
