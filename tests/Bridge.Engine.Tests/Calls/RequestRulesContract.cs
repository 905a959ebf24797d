using Bridge.Core.Schema;
using Bridge.Core.Scripting;
using Bridge.Core.Tests;
using Bridge.Jint;
using Bridge.V8;
using Xunit;
using static Bridge.Core.Tests.SchemaBuilder;

namespace Bridge.Engine.Tests.Calls;

public sealed class V8RequestRulesTests() : RequestRulesContract(new V8EngineFactory());

public sealed class JintRequestRulesTests() : RequestRulesContract(new JintEngineFactory());

/// <summary>Every rule, on values that keep it and on such that don't.</summary>
public abstract class RequestRulesContract(IScriptEngineFactory factory)
{
    [Fact]
    public Task Check_Bounds_CompareExactly() => TableAsync(
        (schema => schema.Number, new Rule { Min = 3 }, ["3", "3.5"], ["2.999", "-1"], "value must be at least 3 (got 2.999)"),
        (schema => schema.Number, new Rule { Min = -0.5 }, ["-0.5", "0"], ["-0.51"], "value must be at least -0.5 (got -0.51)"),
        (schema => schema.Number, new Rule { Upper = new Bound { Number = 3, Exclusive = true } }, ["2.9"], ["3"], "value must be less than 3 (got 3)"),
        (schema => schema.Number, new Rule { Lower = new Bound { Text = "0.1" } }, ["0.1", "1e300"], ["0.09"], "value must be at least 0.1 (got 0.09)"),
        (schema => schema.BigInt, new Rule { Max = 5 }, ["5n", "-(10n**30n)"], ["6n"], "value must be at most 5 (got 6)"),
        (schema => schema.BigInt, new Rule { Max = 2.5 }, ["2n"], ["3n"], "value must be at most 2.5 (got 3)"),
        (schema => schema.BigInt, new Rule { Max = 1e23 }, ["10n**23n"], ["10n**23n+1n"], "value must be at most 1E+23 (got 100000000000000000000001)"),
        (schema => schema.BigInt, new Rule { Lower = new Bound { Text = "9007199254740993" } }, ["9007199254740993n"], ["9007199254740992n"], "value must be at least 9007199254740993 (got 9007199254740992)"),
        (schema => schema.BigInt, new Rule { Lower = new Bound { Text = "1.5" } }, ["2n"], ["1n"], "value must be at least 1.5 (got 1)"),
        (schema => schema.Decimal, new Rule { Min = 0.1 }, ["new Decimal('0.1')", "new Decimal('0.10')"], ["new Decimal('0.0999999999999999999999')"], "value must be at least 0.1 (got 0.0999999999999999999999)"),
        (schema => schema.Decimal, new Rule { Upper = new Bound { Text = "-1.50", Exclusive = true } }, ["new Decimal('-1.51')"], ["new Decimal('-1.5')", "new Decimal('0')"], "value must be less than -1.50 (got -1.5)"),
        (schema => schema.Date, new Rule { Lower = new Bound { Text = "1970-01-01T00:00:00Z", Exclusive = true } }, ["new Date(1)"], ["new Date(0)"], "value must be greater than 1970-01-01T00:00:00Z (got 1970-01-01T00:00:00.000Z)"));

    [Fact]
    public Task Check_Divisors_AreDecimal() => TableAsync(
        (schema => schema.Number, new Rule { Integer = true }, ["3", "-0", "1e300"], ["3.5"], "value is not an integer"),
        (schema => schema.Decimal, new Rule { Integer = true }, ["new Decimal('3.00')", "new Decimal('0')"], ["new Decimal('3.01')"], "value is not an integer"),
        (schema => schema.BigInt, new Rule { Integer = true }, ["3n"], [], ""),
        (schema => schema.Number, new Rule { MultipleOf = 0.1 }, ["0.3", "1", "0", "-0.7"], ["0.35"], "value is not a multiple of 0.1"),
        (schema => schema.Number, new Rule { MultipleOf = 3 }, ["9", "-3", "1e23*0", "3e22"], ["10", "9.5"], "value is not a multiple of 3"),
        (schema => schema.BigInt, new Rule { MultipleOf = 7 }, ["7n*10n**40n", "0n"], ["7n*10n**40n+1n"], "value is not a multiple of 7"),
        (schema => schema.Decimal, new Rule { MultipleOf = 0.05 }, ["new Decimal('12345678901234567890.15')"], ["new Decimal('0.051')"], "value is not a multiple of 0.05"));

    [Fact]
    public Task Check_Lengths_CountUnitsAndElements() => TableAsync(
        (schema => schema.Text, new Rule { MinLength = 2 }, ["'ab'", "'😀'"], ["'é'"], "length too short (got 1, expected at least 2)"),
        (schema => schema.Text, new Rule { MaxLength = 2 }, ["'é漢'"], ["'abc'"], "length too long (got 3, expected at most 2)"),
        (schema => schema.ArrayOf(schema.Number), new Rule { MaxLength = 1 }, ["[1]"], ["[1, 2]"], "length too long (got 2, expected at most 1)"),
        (schema => schema.SetOf(schema.Number), new Rule { MinLength = 1 }, ["new Set([1])"], ["new Set()"], "length too short (got 0, expected at least 1)"),
        (schema => schema.MapOf(schema.Text, schema.Number), new Rule { MinLength = 1 }, ["new Map([['a', 1]])"], ["new Map()"], "length too short (got 0, expected at least 1)"),
        (schema => schema.ArrayBuffer, new Rule { MaxLength = 2 }, ["new Uint8Array(2)", "new ArrayBuffer(2)"], ["new ArrayBuffer(4)"], "length too long (got 4, expected at most 2)"),
        (schema => schema.Bytes, new Rule { MaxLength = 2 }, ["new Uint8Array(2)", "new ArrayBuffer(2)"], ["new Uint16Array(2)"], "length too long (got 4, expected at most 2)"),
        (schema => schema.Any, new Rule { MaxLength = 2 }, ["'ab'", "[1, 2]", "100"], ["'abc'"], "length too long (got 3, expected at most 2)"));

    [Fact]
    public Task Check_Texts_FollowPatternsAndFormats() => TableAsync(
        (schema => schema.Text, new Rule { StartsWith = "a\"" }, ["'a\"b'"], ["'b'"], "value does not start with \"a\"\""),
        (schema => schema.Text, new Rule { EndsWith = "é" }, ["'aé'"], ["'éa'"], "value does not end with \"é\""),
        (schema => schema.Text, new Rule { Matches = "^[a-z]+-\\d{2,3}$" }, ["'ab-12'"], ["'ab-1'", "'ab-12\\n'"], "value does not match the regexp \"^[a-z]+-\\d{2,3}$\""),
        (schema => schema.Text, new Rule { Matches = "^(a+)+$" }, ["'a'.repeat(1000)"], ["'a'.repeat(50) + 'b'"], "value does not match the regexp \"^(a+)+$\""),
        (schema => schema.Text, new Rule { Matches = "^\\p{Lu}" }, ["'Éa'"], ["'éa'"], "value does not match the regexp \"^\\p{Lu}\""),
        (schema => schema.Text, new Rule { Matches = "^a\\-b\\_c$" }, ["'a-b_c'"], ["'ab_c'"], "value does not match the regexp \"^a\\-b\\_c$\""),
        (schema => schema.Text, new Rule { Is = Format.Email }, ["'a@example.com'"], ["'a@'"], "value is not an email"),
        (schema => schema.Text, new Rule { Is = Format.Uuid }, ["'123e4567-e89b-12d3-a456-426614174000'"], ["''"], "value is not a UUID"),
        (schema => schema.Text, new Rule { Is = Format.Ipv4 }, ["'127.0.0.1'"], ["'::1'"], "value is not an IPv4 address"));

    [Fact]
    public Task Check_Combined_EachOrOneOfThem() => TableAsync(
        (schema => schema.Text, AnyOf(new Rule { MinLength = 3 }, new Rule { StartsWith = "#" }), ["'abc'", "'#'"], ["'a'"], "length too short (got 1, expected at least 3)"),
        (schema => schema.Number, All(new Rule { Min = 1 }, AnyOf(new Rule { Integer = true }, new Rule { MultipleOf = 0.5 })), ["1.5"], ["1.3"], "value is not an integer"),
        (schema => schema.Text, AnyOf(new Rule { Min = 3 }, new Rule { StartsWith = "#" }), ["'a'"], [], ""),
        (schema => schema.Nullable(schema.Text), new Rule { MinLength = 2 }, ["null", "'ab'"], ["'a'"], "length too short (got 1, expected at least 2)"));

    [Fact]
    public Task Check_UniqueItems_AreTheSameToJson() => TableAsync(
        (schema => schema.ArrayOf(schema.Any), new Rule { UniqueItems = true }, ["[1, '1', null, [1], {}, true]"], ["[{ a: 1, b: [2] }, { b: [2], a: 1 }]", "[0, -0]"], "duplicate element"),
        (schema => schema.ArrayOf(schema.Object(Field("a", schema.Number))), new Rule { UniqueItems = true }, ["[{ a: 1 }, { a: 2 }]"], ["[{ a: 1, b: 1 }, { a: 1, b: 2 }]"], "duplicate element"),
        (schema => schema.ArrayOf(schema.Date), new Rule { UniqueItems = true }, ["[new Date(0), new Date(1)]"], ["[new Date(0), new Date(0)]"], "duplicate element"));

    [Fact]
    public Task Check_SeveralViolations_AreAllListed() => EngineThread.RunAsync(factory, engine =>
    {
        var scripts = new CallScripts(engine);
        var schema = scripts.Schema;
        var type = schema.Object(
            Field("a/b~", schema.Ruled(schema.Number, new Rule { Min = 1 }, new Rule { Integer = true })),
            Field("list", schema.ArrayOf(schema.Ruled(schema.Text, new Rule { MinLength = 2 }))),
            Field("gone", schema.Text));
        Assert.Equal(
            """{"violations":[{"in":"body","path":"/list/1","rule":"minLength","message":"length too short (got 1, expected at least 2)","expected":"length at least 2","got":"\"x\""},{"in":"body","path":"/a~1b~0","rule":"min","message":"value must be at least 1 (got 0.5)","expected":"at least 1","got":"0.5"},{"in":"body","path":"/a~1b~0","rule":"integer","message":"value is not an integer","expected":"an integer","got":"0.5"},{"in":"body","path":"/gone","rule":"required","message":"missing field gone"}]}""",
            scripts.Request(type).Details("{ list: ['ok', 'x'], 'a/b~': 0.5 }"));
        Assert.Equal(
            """{"violations":[{"in":"body","path":"/list/1","rule":"minLength","message":"length too short (got 1, expected at least 2)","expected":"length at least 2"},{"in":"body","path":"/a~1b~0","rule":"min","message":"value must be at least 1","expected":"at least 1"},{"in":"body","path":"/gone","rule":"type","message":"invalid type: integer, expected a string","expected":"a string"}]}""",
            scripts.Request(type, sensitive: true).Details("{ list: ['ok', 'x'], 'a/b~': -7, gone: 8 }"));
        var many = scripts.Request(schema.ArrayOf(schema.Number));
        Assert.Equal("100", scripts.Run($"String(requests[2](Array(200).fill('x')).details.violations.length)"));
        Assert.StartsWith("unable to decode request body: [0]: invalid type: string \"x\", expected a number", many.Check("Array(200).fill('x')"), StringComparison.Ordinal);
    });

    private Task TableAsync(params (Func<SchemaBuilder, uint> Type, Rule Rule, string[] Kept, string[] Broken, string Reason)[] rows) => EngineThread.RunAsync(factory, engine =>
    {
        var scripts = new CallScripts(engine);
        foreach (var (type, rule, kept, broken, reason) in rows)
        {
            var request = scripts.Request(scripts.Schema.Object(Field("v", scripts.Schema.Ruled(type(scripts.Schema), rule))));
            Assert.All(kept, value => Assert.StartsWith("{\"v\":", request.Check($"{{ v: {value} }}"), StringComparison.Ordinal));
            Assert.All(broken, value => Assert.StartsWith("unable to decode request body: v", request.Check($"{{ v: {value} }}"), StringComparison.Ordinal));
            Assert.True(broken.Length == 0 || request.Check($"{{ v: {broken[0]} }}").EndsWith($": {reason}", StringComparison.Ordinal), $"{rule}: {(broken.Length > 0 ? request.Check($"{{ v: {broken[0]} }}") : "")}");
        }
    });
}
