namespace Bridge.Core.Calls;

/// <summary>What a rule can speak of in a call.</summary>
internal enum CallSubject
{
    /// <summary>Nothing that rules speak of.</summary>
    None,

    /// <summary>A string.</summary>
    Text,

    /// <summary>A number.</summary>
    Number,

    /// <summary>A bigint.</summary>
    BigInt,

    /// <summary>A decimal.</summary>
    Decimal,

    /// <summary>A date.</summary>
    Date,

    /// <summary>Bytes.</summary>
    Bytes,

    /// <summary>An array, or the elements of a set or map as one.</summary>
    List,

    /// <summary>Whatever the value turns out to be.</summary>
    Any,
}
