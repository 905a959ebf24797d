using Bridge.Core.Decoding;
using Bridge.Core.Schema;
using Jint;
using Xunit;
using static Bridge.Core.Tests.SchemaBuilder;

namespace Bridge.Core.Tests.Decoding;

public sealed class ReviverTests
{
    // Shows what a handler gets: the type of each object beside its value.
    private const string Describe = """
        (value) => {
          const show = (v) =>
            v instanceof Date ? `Date(${v.toISOString()})`
            : v instanceof Uint8Array ? `Bytes(${Array.from(v)})`
            : v instanceof Decimal ? `Decimal(${v.text})`
            : typeof v === "bigint" ? `${v}n`
            : Array.isArray(v) ? `[${v.map(show).join()}]`
            : v && typeof v === "object" ? `{${Object.keys(v).map((k) => `${k}:${show(v[k])}`).join()}}`
            : JSON.stringify(v);
          return show(value);
        }
        """;

    [Fact]
    public void Compile_NothingToRevive_HasNoReviver()
    {
        Assert.Null(DecodeHarness.Body(schema => schema.Object(Field("a", schema.Text), Field("b", schema.RecordOf(schema.Any)))).Plan.Reviver);
    }

    [Fact]
    public void Revive_EveryConvertedType_BecomesItsObject()
    {
        var harness = DecodeHarness.Body(schema => schema.Object(
            Field("date", schema.Date), Field("big", schema.BigInt), Field("bytes", schema.Bytes), Field("decimal", schema.Decimal), Field("n", schema.Number)));

        Assert.Equal(
            "{date:Date(2024-01-02T03:04:05.678Z),big:-12345678901234567890n,bytes:Bytes(1,2,255),decimal:Decimal(1.50),n:1}",
            Revive(harness, """{"date":"2024-01-02T03:04:05.678Z","big":-12345678901234567890,"bytes":"AQL/","decimal":1.50,"n":1}"""));
    }

    [Fact]
    public void Revive_NestedTypes_AreFoundWhereverTheyStand()
    {
        var harness = DecodeHarness.Body(schema => schema.Object(
            Field("list", schema.ArrayOf(schema.ArrayOf(schema.Date))), Field("record", schema.RecordOf(schema.BigInt)),
            Optional("deep", schema.Object(Field("in", schema.Object(Optional("big", schema.BigInt), Field("other", schema.Text))))),
            Optional("open", schema.OpenObject(schema.Date, Field("n", schema.Number)))));

        Assert.Equal(
            "{list:[[Date(1970-01-01T00:00:00.000Z)],[]],record:{a:1n,__proto__:2n},deep:{in:{big:3n,other:\"x\"}},open:{n:1,d:Date(1970-01-01T00:00:00.000Z)}}",
            Revive(harness, """
                {"list":[["1970-01-01T00:00:00Z"],[]],"record":{"a":1,"__proto__":2},"deep":{"in":{"big":3,"other":"x"}},
                 "open":{"n":1,"d":"1970-01-01T00:00:00Z"}}
                """));
        Assert.Equal("{list:[],record:{}}", Revive(harness, """{"list":[],"record":{}}"""));
    }

    [Fact]
    public void Revive_NullableAndUnions_TellByTheValue()
    {
        var harness = DecodeHarness.Body(schema => schema.RecordOf(schema.Union(schema.Date, schema.Null, schema.Boolean, schema.ArrayOf(schema.BigInt))));

        Assert.Equal(
            "{a:Date(1970-01-01T00:00:00.000Z),b:null,c:true,d:[1n]}",
            Revive(harness, """{"a":"1970-01-01T00:00:00Z","b":null,"c":true,"d":[1]}"""));
    }

    [Fact]
    public void Revive_AmbiguousUnion_KnowsTheOption()
    {
        var harness = DecodeHarness.Body(schema => schema.RecordOf(schema.Union(schema.Date, schema.Number, schema.BigInt, schema.Text)));

        Assert.Equal(
            "{date:Date(1970-01-01T00:00:00.000Z),number:5,big:5n,text:\"five\"}",
            Revive(harness, """{"date":"1970-01-01T00:00:00Z","number":5,"big":"5","text":"five"}"""));
    }

    [Fact]
    public void Revive_UnionOfObjects_RevivesTheOneThatFits()
    {
        var harness = DecodeHarness.Body(schema => schema.RecordOf(schema.Union(
            schema.Object(Field("kind", schema.Literal("d")), Field("at", schema.Date)),
            schema.Object(Field("kind", schema.Literal("n")), Field("at", schema.Number)))));

        Assert.Equal(
            "{x:{kind:\"d\",at:Date(1970-01-01T00:00:00.000Z)},y:{kind:\"n\",at:0}}",
            Revive(harness, """{"x":{"kind":"d","at":"1970-01-01T00:00:00Z"},"y":{"kind":"n","at":0}}"""));
    }

    [Fact]
    public void Revive_RecursiveType_IsFollowed()
    {
        var harness = DecodeHarness.Body(schema =>
        {
            var date = schema.Date;
            return schema.Recursive(self => new TypeSchema { Object = Shape(Field("at", date), Optional("next", schema.Nullable(self))) });
        });

        Assert.Equal(
            "{at:Date(1970-01-01T00:00:00.000Z),next:{at:Date(1970-01-01T00:00:01.000Z),next:null}}",
            Revive(harness, """{"at":"1970-01-01T00:00:00Z","next":{"at":"1970-01-01T00:00:01Z","next":null}}"""));
    }

    [Theory]
    [InlineData("constructor")]
    [InlineData("toString")]
    [InlineData("__proto__")]
    [InlineData("quo\"te\\ \n\u2028</script>")]
    [InlineData("`${x}`")]
    [InlineData("'")]
    [InlineData("")]
    public void Revive_UnusualNames_AreQuotedAndNeverInherited(string name)
    {
        var harness = DecodeHarness.Body(schema => schema.Object(Optional(name, schema.BigInt), Optional("b", schema.BigInt)));

        Assert.Equal("{}", Revive(harness, "{}"));
        Assert.Equal($"{{{name}:7n}}", Revive(harness, $"{{{System.Text.Json.JsonSerializer.Serialize(name)}:7}}"));
    }

    [Fact]
    public void Revive_RuledAndQueryValues_AreRevivedToo()
    {
        var harness = DecodeHarness.Query(schema => schema.Object(
            Field("at", schema.Ruled(schema.Date, new Rule { MinLength = 1 })), Field("all", schema.ArrayOf(schema.BigInt)), Optional("any", schema.Union(schema.Date, schema.ArrayOf(schema.Date)))));

        var json = harness.AcceptQuery("at=1970-01-01T00:00:00Z&all=1&all=2&any=1970-01-01T00:00:00Z&any=1970-01-01T00:00:01Z");

        Assert.Equal(
            "{at:Date(1970-01-01T00:00:00.000Z),all:[1n,2n],any:[Date(1970-01-01T00:00:00.000Z),Date(1970-01-01T00:00:01.000Z)]}",
            Evaluate(harness.Plan, json));
    }

    private static string Revive(DecodeHarness harness, string body) => Evaluate(harness.Plan, harness.AcceptBody(body));

    private static string Evaluate(RequestPlan plan, string json)
    {
        using var engine = new Engine();
        engine.Execute("class Decimal { constructor(text) { this.text = text; } }");
        if (engine.Evaluate("typeof Uint8Array.fromBase64 !== 'function'").AsBoolean())
        {
            engine.SetValue("bytesOf", (string text) => Convert.FromBase64String(text).Select(value => (object)(int)value).ToArray());
            engine.Execute("Uint8Array.fromBase64 = (text) => Uint8Array.from(bytesOf(text))");
        }

        engine.SetValue("json", json);
        return engine.Evaluate($"({Describe})(({plan.Reviver ?? "(v) => v"})(JSON.parse(json), Decimal))").AsString();
    }
}
