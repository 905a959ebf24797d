using System.Text;
using Bridge.Core.Responses.Checking;
using Bridge.Core.Schema;
using Xunit;
using static Bridge.Core.Tests.SchemaBuilder;

namespace Bridge.Core.Tests.Responses;

public sealed class ResponseCheckTests
{
    [Theory]
    [InlineData("""{"id":1,"at":"2024-01-01T00:00:00.000Z","tags":["a"]}""")]
    [InlineData("""{"id":1,"at":"2024-01-01T00:00:00.000Z","tags":[],"big":"5","data":"AQ=="}""")]
    public void Check_AnswerOfItsType_FindsNothing(string answer) => Assert.Empty(Check(Item, answer));

    [Theory]
    [InlineData("""{"id":1,"tags":[]}""", "/at required missing field at @app.ts:3:5")]
    [InlineData("""{"id":"1","at":"2024-01-01T00:00:00Z","tags":[]}""", "/id type invalid type: string \"1\", expected a number @app.ts:2:5")]
    [InlineData("""{"id":null,"at":"2024-01-01T00:00:00Z","tags":[]}""", "/id type invalid type: null, expected a number (NaN and Infinity become null) @app.ts:2:5")]
    [InlineData("""{"id":1,"at":"+010000-01-01T00:00:00.000Z","tags":[]}""", "/at type invalid datetime: expected RFC 3339 with a zone @app.ts:3:5")]
    [InlineData("""{"id":1,"at":"2024-01-01T00:00:00Z","tags":["a",5]}""", "/tags/1 type invalid type: integer `5`, expected a string @app.ts:4:5")]
    [InlineData("""{"id":-1,"at":"2024-01-01T00:00:00Z","tags":[]}""", "/id min value must be at least 0 (got -1) @app.ts:2:5")]
    [InlineData("""{"id":1,"at":"2024-01-01T00:00:00Z","tags":[],"extra/":1}""", "/extra~1 undeclared the type has no field extra/; it isn't sent @app.ts:1:11")]
    public void Check_AnswerThatDiffers_SaysWhereAndWhatSaysSo(string answer, string expected)
    {
        var difference = Assert.Single(Check(Item, answer));

        Assert.Equal(expected, Text(difference));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    public void Check_NothingReturned_MissesEveryRequiredField(string answer) =>
        Assert.Equal(["/id required", "/at required", "/tags required"], Check(Item, answer).Select(difference => $"{difference.Path} {difference.Rule}"));

    [Fact]
    public void Check_SameDifference_IsReportedOnce()
    {
        var schema = new SchemaBuilder();
        var check = ResponseCheck.Compile(schema.Application, schema.Endpoint(response: schema.ArrayOf(schema.Object(Field("n", schema.Number)))))!;

        Assert.Single(check.Check("""[{"n":"1"},{"n":"2"}]"""u8));
        Assert.Empty(check.Check("""[{"n":1},{"n":"3"}]"""u8));
        Assert.Equal("/1/n", Assert.Single(check.Check("""[{"n":1},{}]"""u8)).Path);
    }

    [Fact]
    public void Check_ManyDifferences_AreBounded()
    {
        var schema = new SchemaBuilder();
        var check = ResponseCheck.Compile(schema.Application, schema.Endpoint(response: schema.RecordOf(schema.Number)))!;
        var answer = Encoding.UTF8.GetBytes($"{{{string.Join(',', Enumerable.Range(0, 500).Select(index => $"\"k{index}\":true"))}}}");

        Assert.Equal(ResponseCheck.MaxDifferences, check.Check(answer).Count);
        Assert.Empty(check.Check(answer));
    }

    [Fact]
    public void Check_SensitiveEndpoint_ShowsNoValue()
    {
        var schema = new SchemaBuilder();
        var check = ResponseCheck.Compile(schema.Application, schema.Endpoint(response: schema.Object(Field("n", schema.Number)), sensitive: true))!;

        Assert.Equal("invalid type: string, expected a number", Assert.Single(check.Check("""{"n":"secret"}"""u8)).Message);
    }

    [Fact]
    public void Check_OpenTypesAndUnions_KnowTheirFields()
    {
        Assert.Empty(Check(schema => schema.OpenObject(schema.Number, Optional("a", schema.Text)), """{"x":1}"""));
        Assert.Empty(Check(schema => schema.Union(schema.Object(Field("a", schema.Text)), schema.RecordOf(schema.Number)), """{"x":1}"""));
        Assert.Equal("/x", Assert.Single(Check(schema => schema.Nullable(schema.Object(Optional("a", schema.Text))), """{"x":1}""")).Path);
        Assert.Empty(Check(schema => schema.Nullable(schema.Object(Optional("a", schema.Text))), "null"));
    }

    [Fact]
    public void Compile_NoResponseType_HasNoCheck()
    {
        var schema = new SchemaBuilder();

        Assert.Null(ResponseCheck.Compile(schema.Application, schema.Endpoint()));
    }

    private static uint Item(SchemaBuilder schema)
    {
        schema.Application.Files.Add("app.ts");
        var shape = Shape(
            Field("id", schema.Ruled(schema.Number, new Rule { Min = 0 })), Field("at", schema.Date), Field("tags", schema.ArrayOf(schema.Text)),
            Optional("big", schema.BigInt), Optional("data", schema.Bytes));
        for (var i = 0; i < shape.Fields.Count; i++)
        {
            shape.Fields[i].Position = new SourcePosition { Line = (uint)i + 2, Column = 5 };
        }

        return schema.Recursive(_ => new TypeSchema { Name = "Item", Position = new SourcePosition { Line = 1, Column = 11 }, Object = shape });
    }

    private static IReadOnlyList<ResponseDifference> Check(Func<SchemaBuilder, uint> type, string answer)
    {
        var schema = new SchemaBuilder();
        return ResponseCheck.Compile(schema.Application, schema.Endpoint(response: type(schema)))!.Check(Encoding.UTF8.GetBytes(answer));
    }

    private static string Text(ResponseDifference difference) => $"{difference.Path} {difference.Rule} {difference.Message} @{difference.Source}";
}
