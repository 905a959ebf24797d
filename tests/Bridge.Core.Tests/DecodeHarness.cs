using System.Text;
using Bridge.Core.Buffers;
using Bridge.Core.Decoding;
using Xunit;

namespace Bridge.Core.Tests;

/// <summary>A request plan with the request's parts as plain strings.</summary>
internal sealed class DecodeHarness(RequestPlan plan)
{
    public RequestPlan Plan { get; } = plan;

    public static DecodeHarness Body(Func<SchemaBuilder, uint> type, string method = "POST", bool sensitive = false)
    {
        var schema = new SchemaBuilder();
        var id = type(schema);
        return new DecodeHarness(RequestPlan.Compile(schema.Application, schema.Endpoint(id, sensitive: sensitive), method));
    }

    /// <summary>A body of one required field <c>v</c> of the type.</summary>
    public static DecodeHarness Value(Func<SchemaBuilder, uint> type, bool sensitive = false) =>
        Body(schema => schema.Object(SchemaBuilder.Field("v", type(schema))), sensitive: sensitive);

    public static DecodeHarness Query(Func<SchemaBuilder, uint> type) => Body(type, "GET");

    public static DecodeHarness Path(Func<SchemaBuilder, uint> type, string path)
    {
        var schema = new SchemaBuilder();
        var id = type(schema);
        return new DecodeHarness(RequestPlan.Compile(schema.Application, schema.Endpoint(id, path: path), "GET"));
    }

    public (string? Json, DecodeFailure? Failure) Decode(
        string body = "", string query = "", string path = "", Range[]? pathValues = null, IRequestHeaders? headers = null) =>
        Decode(Encoding.UTF8.GetBytes(body), query, path, pathValues, headers);

    public (string? Json, DecodeFailure? Failure) Decode(
        byte[] body, string query = "", string path = "", Range[]? pathValues = null, IRequestHeaders? headers = null)
    {
        using var output = new PooledBuffer();
        output.Write("before"u8);
        var parts = new RequestParts { Body = body, Query = query, Path = path, PathValues = pathValues, Headers = headers };
        var failure = Plan.Decode(parts, output);
        var written = Encoding.UTF8.GetString(output.Written);
        Assert.StartsWith("before", written, StringComparison.Ordinal);
        if (failure is not null)
        {
            Assert.Equal("before", written);
            Assert.NotEmpty(failure.Violations);
        }

        return (failure is null ? written["before".Length..] : null, failure);
    }

    /// <summary>The value of <c>v</c> in a body that must be valid.</summary>
    public string Accept(string value)
    {
        var json = AcceptBody($"{{\"v\":{value}}}");
        Assert.StartsWith("{\"v\":", json, StringComparison.Ordinal);
        return json["{\"v\":".Length..^1];
    }

    /// <summary>The reason why a body with this value of <c>v</c> is refused, at <c>/v</c>.</summary>
    public Violation Reject(string value) => Assert.Single(RejectBody($"{{\"v\":{value}}}").Violations);

    public string AcceptBody(string body)
    {
        var (json, failure) = Decode(body);
        Assert.True(failure is null, $"{body}: {failure?.Message}");
        return json!;
    }

    public DecodeFailure RejectBody(string body)
    {
        var (json, failure) = Decode(body);
        Assert.True(failure is not null, $"{body} was accepted as {json}");
        return failure;
    }

    public string AcceptQuery(string query)
    {
        var (json, failure) = Decode(query: query);
        Assert.True(failure is null, $"{query}: {failure?.Message}");
        return json!;
    }

    public DecodeFailure RejectQuery(string query)
    {
        var (json, failure) = Decode(query: query);
        Assert.True(failure is not null, $"{query} was accepted as {json}");
        return failure;
    }
}

/// <summary>Headers of a test; each name may have several lines.</summary>
internal sealed class TestHeaders(params (string Name, string Value)[] lines) : IRequestHeaders
{
    public string? Find(string lowerCaseName) => Find(lowerCaseName, 0);

    public string? Find(string lowerCaseName, int index) =>
        lines.Where(line => line.Name == lowerCaseName).Skip(index).Select(line => line.Value).FirstOrDefault();
}
