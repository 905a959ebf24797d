using Bridge.Core.Isolates;

namespace Encore.Host.Http;

/// <summary>Puts what middleware said of an answer into its head.</summary>
internal static class ResponseHeading
{
    /// <summary>Applies a heading; what the answer's own fields say comes later, and beats it.</summary>
    /// <returns>Whether the answer may have a body: statuses that have none by their nature end it here.</returns>
    public static bool Apply(AnswerHeading heading, RequestState request)
    {
        for (var i = 0; i + 1 < heading.Headers.Count; i += 2)
        {
            if (!IsServers(heading.Headers[i]))
            {
                request.AddHeader(heading.Headers[i], heading.Headers[i + 1]);
            }
        }

        if (heading.Status == 0)
        {
            return true;
        }

        request.SetStatus(heading.Status);
        return heading.Status is not (StatusCodes.Status204NoContent or StatusCodes.Status205ResetContent or StatusCodes.Status304NotModified);
    }

    // How a message is framed on its connection is between the server and its client.
    private static bool IsServers(string name) =>
        name.Equals("content-length", StringComparison.OrdinalIgnoreCase)
        || name.Equals("transfer-encoding", StringComparison.OrdinalIgnoreCase)
        || name.Equals("connection", StringComparison.OrdinalIgnoreCase);
}
