using System.Text;
using Bridge.Core.Schema;

namespace Bridge.Core.Responses;

/// <summary>A declared top-level field of an answer: where it travels.</summary>
/// <param name="field">Its schema.</param>
/// <param name="isInMessage">Whether it is one of a message, which has no head.</param>
internal sealed class AnswerField(Field field, bool isInMessage = false)
{
    /// <summary>The field's name.</summary>
    public string Name { get; } = field.Name;

    /// <summary>Where it travels; unspecified is the body.</summary>
    public WireKind Kind { get; } = !isInMessage && field.Wire?.Kind is WireKind.Header or WireKind.Cookie or WireKind.HttpStatus ? field.Wire.Kind : WireKind.Unspecified;

    /// <summary>The header's name in lower case, or the cookie's name.</summary>
    public string WireName { get; } = field.Wire switch
    {
        null => "",
        { Kind: WireKind.Header } wire => (wire.Name.Length > 0 ? wire.Name : field.Name).ToLowerInvariant(),
        var wire => wire.Name.Length > 0 ? wire.Name : field.Name,
    };

    /// <summary>The name's bytes.</summary>
    public byte[] Utf8Name { get; } = Encoding.UTF8.GetBytes(field.Name);
}
