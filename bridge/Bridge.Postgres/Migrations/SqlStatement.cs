namespace Bridge.Postgres.Migrations;

/// <summary>One statement of a text.</summary>
/// <param name="Start">Where it begins, in UTF-16 units from the text's start.</param>
/// <param name="Text">The statement, without the semicolon.</param>
/// <param name="Words">Its first words, in capitals: <c>START TRANSACTION</c>; as many as tell what kind it is.</param>
internal sealed record SqlStatement(int Start, string Text, string Words)
{
    /// <summary>What a statement does to the transaction around it.</summary>
    public TransactionControl Control => Words.Split(' ') switch
    {
        ["BEGIN", ..] or ["START", "TRANSACTION", ..] => TransactionControl.Begin,
        ["COMMIT", "PREPARED", ..] or ["ROLLBACK", "TO", ..] or ["ROLLBACK", "WORK" or "TRANSACTION", "TO", ..] => TransactionControl.None,
        ["COMMIT", ..] or ["END", ..] => TransactionControl.Commit,
        ["ROLLBACK", ..] or ["ABORT", ..] or ["PREPARE", "TRANSACTION", ..] => TransactionControl.Other,
        _ => TransactionControl.None,
    };

    /// <summary>The index, in UTF-16 units of the whole text, of a position that the server names: in characters from the statement's start, 1-based.</summary>
    public int IndexOf(int position)
    {
        var index = 0;
        for (var left = position - 1; left > 0 && index < Text.Length; left--)
        {
            index += char.IsHighSurrogate(Text[index]) && index + 1 < Text.Length ? 2 : 1;
        }

        return Start + index;
    }
}

/// <summary>What a statement does to the transaction around it.</summary>
internal enum TransactionControl
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Begins one.</summary>
    Begin,

    /// <summary>Ends it, keeping what was done.</summary>
    Commit,

    /// <summary>Ends it in another way.</summary>
    Other,
}
