namespace Bridge.Core.Responses;

/// <summary>The head of an answer, as the HTTP edge builds it.</summary>
public interface IResponseHead
{
    /// <summary>Sets the status, over what middleware set.</summary>
    /// <param name="status">200 to 599.</param>
    void SetStatus(int status);

    /// <summary>Adds a line of a header; a header may have several.</summary>
    /// <param name="name">The header's name, lower case.</param>
    /// <param name="value">Visible ASCII, spaces and tabs: nothing that could end the line.</param>
    void AddHeader(string name, string value);
}
