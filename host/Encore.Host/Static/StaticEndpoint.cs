using System.Globalization;
using Bridge.Core.Errors;
using Bridge.Core.Schema;
using Encore.Host.Http;
using Encore.Host.Routing;
using Microsoft.Extensions.Primitives;

namespace Encore.Host.Static;

/// <summary>An endpoint that serves files, with no part of the isolate's. Thread: any.</summary>
internal sealed class StaticEndpoint
{
    private static readonly ErrorAnswer FileNotFound = new(ErrorCode.NotFound, "file not found") { IsFromGateway = true };
    private static readonly StringValues Bytes = "bytes";
    private static readonly StringValues VaryEncoding = "Accept-Encoding";

    private readonly StaticFolder _folder;
    private readonly StaticEntry? _notFound;
    private readonly int _notFoundStatus;
    private readonly KeyValuePair<string, StringValues>[] _headers;
    private readonly bool _isTree;

    private StaticEndpoint(StaticFolder folder, StaticEntry? notFound, EndpointSchema endpoint)
    {
        _folder = folder;
        _notFound = notFound;
        _notFoundStatus = endpoint.Static.NotFoundStatus == 0 ? StatusCodes.Status404NotFound : (int)endpoint.Static.NotFoundStatus;
        _headers = [.. endpoint.Static.Headers
            .GroupBy(header => header.Name, StringComparer.OrdinalIgnoreCase)
            .Select(lines => KeyValuePair.Create(lines.Key, new StringValues([.. lines.Select(line => line.Value)])))];
        _isTree = endpoint.Path.Count > 0 && endpoint.Path[^1].Kind is PathSegmentKind.Wildcard or PathSegmentKind.Fallback;
    }

    /// <summary>Prepares an endpoint.</summary>
    /// <param name="endpoint">Its declaration.</param>
    /// <param name="places">Where the application's static files are.</param>
    /// <param name="problem">What is wrong with it, else null.</param>
    public static StaticEndpoint? TryOpen(EndpointSchema endpoint, StaticPlaces places, out string? problem)
    {
        problem = places.TryFind(endpoint.Static.Dir, out var folder);
        StaticEntry? notFound = null;
        if (problem is null && endpoint.Static.NotFound.Length > 0)
        {
            problem = places.TryFind(endpoint.Static.NotFound, out var page);
            notFound = problem is null ? StaticEntry.TryOpen(page, Path.GetDirectoryName(page) ?? "/", static _ => true) : null;
            problem ??= notFound is null ? $"{page} can't be read" : null;
        }

        return problem is null ? new StaticEndpoint(new StaticFolder(folder), notFound, endpoint) : null;
    }

    /// <summary>Answers a GET or HEAD request.</summary>
    public Task ServeAsync(RequestState request)
    {
        var path = RequestTarget.Parse(request.RawTarget).Path;
        var below = _isTree ? path[request.PathValues[^1]] : default;
        var entry = _folder.Find(below, isFolder: !_isTree || path.IsEmpty || path[^1] == '/');
        if (entry is null)
        {
            return ServeNotFoundAsync(request);
        }

        if (entry.File is not null)
        {
            return ServeAsync(request, entry, StatusCodes.Status200OK);
        }

        // Links in the page are relative to the folder, so its address must end as one.
        var query = RequestTarget.Parse(request.RawTarget).Query;
        request.SetStatus(StatusCodes.Status308PermanentRedirect);
        request.ResponseHeaders.Location = query.IsEmpty ? $"{path}/" : $"{path}/?{query}";
        request.ResponseHeaders.ContentLength = 0;
        return Task.CompletedTask;
    }

    private Task ServeNotFoundAsync(RequestState request)
    {
        if (_notFound is not null)
        {
            return ServeAsync(request, _notFound, _notFoundStatus);
        }

        ResponseWriter.WriteError(request, FileNotFound);
        return Task.CompletedTask;
    }

    private Task ServeAsync(RequestState request, StaticEntry entry, int status)
    {
        var asks = request.RequestHeaders;
        var headers = request.ResponseHeaders;
        var hasRange = asks.Range.Count > 0;
        var file = entry.HasVariants && !hasRange ? StaticVariant.Choose(entry, asks.AcceptEncoding) : entry.File!;
        WriteHeaders(headers, entry, file);
        var part = default(ByteRange);
        if (status == StatusCodes.Status200OK)
        {
            status = FilePreconditions.Evaluate(asks, file);
            if (status == StatusCodes.Status200OK && hasRange && HttpMethods.IsGet(request.Method) && FilePreconditions.AllowsRange(asks, file))
            {
                part = ByteRange.Parse(asks.Range.ToString(), file.Length);
                status = part.Kind switch
                {
                    RangeKind.Part => StatusCodes.Status206PartialContent,
                    RangeKind.Unsatisfiable => StatusCodes.Status416RangeNotSatisfiable,
                    _ => status,
                };
            }
        }

        request.SetStatus(status);
        switch (status)
        {
            case StatusCodes.Status304NotModified:
                headers.ContentType = default;
                headers.ContentEncoding = default;
                return Task.CompletedTask;
            case StatusCodes.Status412PreconditionFailed:
                return EndEmptyAsync(headers);
            case StatusCodes.Status416RangeNotSatisfiable:
                headers.ContentRange = "bytes */" + file.LengthText;
                return EndEmptyAsync(headers);
            case StatusCodes.Status206PartialContent:
                headers.ContentRange = string.Create(
                    CultureInfo.InvariantCulture, $"bytes {part.Start}-{part.Start + part.Length - 1}/{file.Length}");
                return SendAsync(request, file, part.Start, part.Length);
            default:
                return SendAsync(request, file, 0, file.Length);
        }
    }

    private void WriteHeaders(IHeaderDictionary headers, StaticEntry entry, StaticFile file)
    {
        headers.ContentType = entry.ContentType;
        headers.ETag = file.Tag;
        headers.LastModified = file.LastModifiedText;
        headers.AcceptRanges = Bytes;
        if (entry.HasVariants)
        {
            headers.Append("Vary", VaryEncoding);
            headers.ContentEncoding = file.Encoding;
        }

        foreach (var (name, value) in _headers)
        {
            headers[name] = value;
        }
    }

    private static Task EndEmptyAsync(IHeaderDictionary headers)
    {
        headers.ContentType = default;
        headers.ContentEncoding = default;
        headers.ContentLength = 0;
        return Task.CompletedTask;
    }

    private static Task SendAsync(RequestState request, StaticFile file, long start, long length)
    {
        if (file.Content is { } content)
        {
            ResponseWriter.WriteBody(request, content.AsSpan((int)start, (int)length));
            return Task.CompletedTask;
        }

        request.ResponseHeaders.ContentLength = length;
        if (HttpMethods.IsHead(request.Method))
        {
            request.StartResponse();
            return Task.CompletedTask;
        }

        return request.ResponseBody.SendFileAsync(file.Path, start, length, request.ClientGone);
    }
}
