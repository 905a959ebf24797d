namespace Bridge.Core.Decoding;

/// <summary>
/// An artifact whose schema can't be compiled: a type id that leads nowhere, a shape nothing says, a pattern that isn't a regular expression.
/// </summary>
/// <remarks>The extractor never writes such an artifact; thrown at start only, with the type's name in the message.</remarks>
public sealed class SchemaException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is wrong, and with which type.</param>
    public SchemaException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its cause.</summary>
    /// <param name="message">What is wrong, and with which type.</param>
    /// <param name="innerException">What found it.</param>
    public SchemaException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
