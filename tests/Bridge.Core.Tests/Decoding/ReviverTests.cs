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
            : v instanceof Set ? `Set(${[...v].map(show).join()})`
            : v instanceof Map ? `Map(${[...v].map(([k, x]) => `${show(k)}=>${show(x)}`).join()})`
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

    [Fact]
    public void Revive_SetsAndMaps_BecomeSetsAndMaps()
    {
        var harness = DecodeHarness.Body(schema => schema.Object(
            Field("set", schema.SetOf(schema.Text)), Field("dates", schema.SetOf(schema.Date)), Field("map", schema.MapOf(schema.BigInt, schema.SetOf(schema.Number))),
            Field("plain", schema.MapOf(schema.Text, schema.Text)), Defaulted("none", schema.SetOf(schema.Text), "[\"d\"]")));

        Assert.Equal(
            "{set:Set(\"a\",\"b\"),dates:Set(Date(1970-01-01T00:00:00.000Z)),map:Map(1n=>Set(1,2),2n=>Set()),plain:Map(\"__proto__\"=>\"x\"),none:Set(\"d\")}",
            Revive(harness, """{"set":["a","b"],"dates":["1970-01-01T00:00:00Z"],"map":[[1,[1,2]],["2",[]]],"plain":[["__proto__","x"]]}"""));
    }

    [Fact]
    public void Revive_RootThatIsASetOrMap_IsRevived()
    {
        Assert.Equal("Set(1,2)", Revive(DecodeHarness.Body(schema => schema.SetOf(schema.Number)), "[1,2]"));
        Assert.Equal("Map(1=>Date(1970-01-01T00:00:00.000Z))", Revive(DecodeHarness.Body(schema => schema.MapOf(schema.Number, schema.Date)), "[[1,\"1970-01-01T00:00:00Z\"]]"));
        Assert.Equal("[1n,2n]", Revive(DecodeHarness.Body(schema => schema.ArrayOf(schema.BigInt)), "[1,2]"));
        Assert.Equal("5n", Revive(DecodeHarness.Body(schema => schema.BigInt), "5"));
    }

    [Theory]
    [InlineData("[1,\"1\"]", "[1,1n]")]
    [InlineData("[1,\"1\",\"1970-01-01T00:00:00Z\"]", "[1,1n,Date(1970-01-01T00:00:00.000Z)]")]
    public void Revive_TupleWithOptional_GoesByPosition(string json, string expected) =>
        Assert.Equal(expected, Revive(DecodeHarness.Body(schema => schema.Tuple([schema.Number, schema.BigInt], [schema.Date])), json));

    [Theory]
    [InlineData("[1,2]", "[1n,2n]")]
    [InlineData("[1,\"1970-01-01T00:00:00Z\",\"1970-01-01T00:00:01Z\",2]", "[1n,Date(1970-01-01T00:00:00.000Z),Date(1970-01-01T00:00:01.000Z),2n]")]
    public void Revive_TupleWithRestAndTrailing_GoesByPosition(string json, string expected) =>
        Assert.Equal(expected, Revive(DecodeHarness.Body(schema => schema.Tuple([schema.BigInt], rest: schema.Date, trailing: [schema.BigInt])), json));

    [Fact]
    public void Revive_FieldsByPattern_HaveTheTypeOfTheirPattern()
    {
        var several = DecodeHarness.Body(schema => schema.PatternObject(
            [(schema.Ruled(schema.Text, new Rule { Matches = "^n-" }), schema.BigInt), (schema.Ruled(schema.Text, new Rule { Matches = "^d-" }), schema.Date)],
            schema.Text, Field("a", schema.BigInt)));
        var single = DecodeHarness.Body(schema => schema.PatternObject([(schema.Ruled(schema.Text, new Rule { Matches = "^n-|_" }), schema.BigInt)], null, Optional("a", schema.Text)));

        Assert.Equal(
            "{a:1n,n-x:2n,d-y:Date(1970-01-01T00:00:00.000Z),other:\"7\",__proto__:\"8\"}",
            Revive(several, """{"a":1,"n-x":2,"d-y":"1970-01-01T00:00:00Z","other":"7","__proto__":"8"}"""));
        Assert.Equal("{n-x:2n,__proto__:3n,a:\"1\"}", Revive(single, """{"n-x":2,"dropped":"7","__proto__":3,"a":"1"}"""));
        Assert.Equal("/n-x", Assert.Single(single.RejectBody("""{"n-x":"y"}""").Violations).Path);
    }

    [Fact]
    public void Revive_DefaultOfAnAmbiguousUnion_KnowsTheOption() =>
        Assert.Equal(
            "{u:5n}",
            Revive(DecodeHarness.Body(schema => schema.Object(Defaulted("u", schema.Union(schema.BigInt, schema.Text), "\"5\""))), "{}"));

    [Fact]
    public void Revive_UnionRootOverSeveralPlaces_KnowsTheOption()
    {
        var harness = DecodeHarness.Query(schema => schema.Union(
            schema.Object(Field("a", schema.Date)), schema.Object(Field("b", schema.ArrayOf(schema.BigInt)))));

        Assert.Equal("{b:[1n,2n]}", Evaluate(harness.Plan, harness.AcceptQuery("b=1&b=2")));
        Assert.Equal("{a:Date(1970-01-01T00:00:00.000Z)}", Evaluate(harness.Plan, harness.AcceptQuery("a=1970-01-01T00:00:00Z")));
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
