using Bridge.Core.Decoding;
using Bridge.Core.Schema;
using Xunit;
using static Bridge.Core.Tests.SchemaBuilder;

namespace Bridge.Core.Tests.Decoding;

public sealed class BenchmarkBodyTests
{
    internal const string Body =
        """{"someKey": "test", "someOtherKey": 123, "requiredKey": [123, 456, 789], "nullableKey": null, "multipleTypesKey": true, "multipleRestrictedTypesKey": "test", "enumKey": "John"}""";

    internal static DecodeHarness Harness()
    {
        var schema = new SchemaBuilder();
        var request = schema.Object(
            Field("foo", schema.Text).In(WireKind.Header, "x-foo"),
            Optional("name", schema.Text).In(WireKind.Query),
            Optional("excitement", schema.Number).In(WireKind.Query),
            Optional("someKey", schema.Text),
            Optional("someOtherKey", schema.Number),
            Field("requiredKey", schema.ArrayOf(schema.Number)),
            Optional("nullableKey", schema.Nullable(schema.Number)),
            Optional("multipleTypesKey", schema.Union(schema.Boolean, schema.Number)),
            Optional("multipleRestrictedTypesKey", schema.Union(schema.Text, schema.Number)),
            Optional("enumKey", schema.Enum("John", "Foo")));
        return new DecodeHarness(RequestPlan.Compile(schema.Application, schema.Endpoint(request, path: "/schema"), "POST"));
    }

    [Fact]
    public void Decode_BenchmarkRequest_MergesAllPlaces()
    {
        var (json, failure) = Harness().Decode(Body, "name=test&excitement=123", headers: new TestHeaders(("x-foo", "test")));

        Assert.Null(failure);
        Assert.Equal(
            """{"name":"test","excitement":123,"foo":"test","someKey":"test","someOtherKey":123,"requiredKey":[123,456,789],"nullableKey":null,"multipleTypesKey":true,"multipleRestrictedTypesKey":"test","enumKey":"John"}""",
            json);
    }

    [Fact]
    public void Decode_EverythingWrong_ListsEveryViolation()
    {
        var (_, failure) = Harness().Decode("""{"someKey": 1, "requiredKey": ["a", 2, null], "enumKey": "X"}""", "excitement=abc");

        Assert.NotNull(failure);
        Assert.Equal("unable to decode query string: excitement: expected a number, got abc", failure.Message);
        Assert.Equal(
            ["/excitement", "/x-foo", "/someKey", "/requiredKey/0", "/requiredKey/2", "/enumKey"],
            failure.Violations.Select(violation => violation.Path));
    }
}
