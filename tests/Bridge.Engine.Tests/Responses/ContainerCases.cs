using Bridge.Core.Schema;
using Bridge.Core.Tests;
using static Bridge.Core.Tests.SchemaBuilder;

namespace Bridge.Engine.Tests.Responses;

/// <summary>Types whose values JSON has no form of its own for, and lists and objects of them: with values in the one form that comes back.</summary>
internal static class ContainerCases
{
    public static IEnumerable<(uint Type, string[] Values)> Of(SchemaBuilder schema)
    {
        yield return (schema.Decimal, ["\"1.50\"", "\"-0.00000000000000000000000001\"", "\"12345678901234567890\""]);
        yield return (schema.SetOf(schema.Number), ["[]", "[1,2,3]"]);
        yield return (schema.SetOf(schema.BigInt), ["[\"1\",\"2\"]"]);
        yield return (schema.SetOf(schema.Tuple([schema.Text, schema.Bytes])), ["[[\"a\",\"AQ==\"],[\"b\",\"AQ==\"]]"]);
        yield return (schema.MapOf(schema.Text, schema.Date), ["[]", "[[\"a\",\"1970-01-01T00:00:00.000Z\"],[\"__proto__\",\"1970-01-01T00:00:00.001Z\"]]"]);
        yield return (schema.MapOf(schema.Number, schema.SetOf(schema.Bytes)), ["[[1,[\"AQ==\",\"Ag==\"]],[2,[]]]"]);
        yield return (schema.MapOf(schema.BigInt, schema.MapOf(schema.Text, schema.Number)), ["[[\"1\",[[\"a\",1]]],[\"2\",[]]]"]);
        yield return (schema.Tuple([schema.Date, schema.Bytes]), ["[\"1970-01-01T00:00:00.000Z\",\"AQ==\"]"]);
        yield return (schema.Tuple([schema.Text], optional: [schema.BigInt, schema.Bytes]), ["[\"a\"]", "[\"a\",\"1\"]", "[\"a\",\"1\",\"AQ==\"]"]);
        yield return (schema.Tuple([schema.Text], rest: schema.Date), ["[\"a\"]", "[\"a\",\"1970-01-01T00:00:00.000Z\",\"1970-01-01T00:00:00.001Z\"]"]);
        yield return (
            schema.Tuple([schema.Text], rest: schema.Number, trailing: [schema.Bytes, schema.Boolean]), ["[\"a\",\"AQ==\",true]", "[\"a\",1,2,\"AQ==\",false]"]);
        yield return (
            schema.PatternObject([(schema.Ruled(schema.Text, new Rule { Matches = "^x-" }), schema.Bytes)], schema.BigInt, Field("n", schema.Number)),
            ["""{"n":1}""", """{"n":1,"x-a":"AQ==","other":"5","__proto__":"6"}"""]);
        yield return (
            schema.Union(schema.SetOf(schema.Number), schema.MapOf(schema.Text, schema.Bytes), schema.Bytes, schema.Null),
            ["[1,2]", "[[\"a\",\"AQ==\"]]", "\"AQ==\"", "null"]);
        yield return (
            schema.Union(
                schema.Object(Field("kind", schema.Literal("set")), Field("data", schema.SetOf(schema.Date))),
                schema.Object(Field("kind", schema.Literal("map")), Field("data", schema.MapOf(schema.Text, schema.Decimal))),
                schema.Object(Field("kind", schema.Literal("text")), Field("data", schema.Text))),
            [
                """{"kind":"set","data":["1970-01-01T00:00:00.000Z"]}""", """{"kind":"map","data":[["a","1.50"]]}""", """{"kind":"text","data":"AQ=="}""",
            ]);
        var (text, number) = (schema.Text, schema.Number);
        yield return (
            schema.Recursive(self =>
            {
                var children = schema.MapOf(text, self);
                return new TypeSchema { Object = Shape(Field("n", number), Optional("children", children)) };
            }),
            ["""{"n":1}""", """{"n":1,"children":[["a",{"n":2,"children":[]}],["b",{"n":3}]]}"""]);
    }
}
