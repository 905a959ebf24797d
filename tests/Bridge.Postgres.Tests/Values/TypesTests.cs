using Bridge.Postgres.Tests.Queries;
using Bridge.Postgres.Tests.Servers;

namespace Bridge.Postgres.Tests.Values;

[Collection(SharedServerCollection.Name)]
public sealed class TypesOfDebianTests(SharedServer server) : TypesTests(server);

[Collection(NewestServerCollection.Name)]
public sealed class TypesOfTheNewestTests(NewestServer server) : TypesTests(server);

/// <summary>Every type's values, as scripts see them and as they send them.</summary>
public abstract class TypesTests(IDatabaseServer server) : ServerTest(server)
{
    [Theory]
    [InlineData("'-32768'::int2", "\"\"", "-32768")]
    [InlineData("2147483647", "\"\"", "2147483647")]
    [InlineData("9007199254740991::int8", "\"n\"", "9007199254740991")]
    [InlineData("-9007199254740991::int8", "\"n\"", "-9007199254740991")]
    [InlineData("9007199254740992::int8", "\"n\"", "\"9007199254740992\"")]
    [InlineData("'-9223372036854775808'::int8", "\"n\"", "\"-9223372036854775808\"")]
    [InlineData("4294967295::oid", "\"\"", "4294967295")]
    [InlineData("0.1::float4", "\"f\"", "0.1")]
    [InlineData("1e300::float8", "\"f\"", "1e+300")]
    [InlineData("'NaN'::float8", "\"f\"", "\"NaN\"")]
    [InlineData("'-Infinity'::float4", "\"f\"", "\"-Infinity\"")]
    [InlineData("1.10::numeric", "\"m\"", "\"1.10\"")]
    [InlineData("'NaN'::numeric", "\"m\"", "\"NaN\"")]
    [InlineData("'-1234567.5'::money", "\"m\"", "\"-1234567.50\"")]
    [InlineData("true", "\"\"", "true")]
    [InlineData("false", "\"\"", "false")]
    [InlineData("E'a\"b\\\\c\\n\\u0001ü☃😀'", "\"\"", "\"a\\\"b\\\\c\\n\\u0001ü☃😀\"")]
    [InlineData("''::text", "\"\"", "\"\"")]
    [InlineData("NULL::text", "\"\"", "null")]
    [InlineData("'ab'::char(4)", "\"\"", "\"ab  \"")]
    [InlineData("'x'::\"char\"", "\"\"", "\"x\"")]
    [InlineData("'n'::name", "\"\"", "\"n\"")]
    [InlineData("'6F9619FF-8B86-D011-B42D-00CF4FC964FF'::uuid", "\"\"", "\"6f9619ff-8b86-d011-b42d-00cf4fc964ff\"")]
    [InlineData("'192.168.0.1/24'::inet", "\"\"", "\"192.168.0.1/24\"")]
    [InlineData("'10.0.0.0/8'::cidr", "\"\"", "\"10.0.0.0/8\"")]
    [InlineData("'08:00:2b:01:02:03'::macaddr", "\"\"", "\"08:00:2b:01:02:03\"")]
    [InlineData("'08:00:2b:01:02:03:04:05'::macaddr8", "\"\"", "\"08:00:2b:01:02:03:04:05\"")]
    [InlineData("B'101'::bit(3)", "\"\"", "\"101\"")]
    [InlineData("B'1'::varbit", "\"\"", "\"1\"")]
    [InlineData("'<a>1</a>'::xml", "\"\"", "\"<a>1</a>\"")]
    [InlineData("'2024-02-29'::date", "\"\"", "\"2024-02-29\"")]
    [InlineData("'infinity'::date", "\"\"", "\"infinity\"")]
    [InlineData("'12:34:56.789'::time", "\"\"", "\"12:34:56.789\"")]
    [InlineData("'12:34:56+02'::timetz", "\"\"", "\"12:34:56+02\"")]
    [InlineData("'1 year 2 mons 3 days 04:05:06.7'::interval", "\"\"", "\"P1Y2M3DT4H5M6.7S\"")]
    [InlineData("'2024-02-29 12:34:56.789999'::timestamp", "\"d\"", "1709210096789")]
    [InlineData("'2024-02-29 12:34:56+05:30'::timestamptz", "\"d\"", "1709190296000")]
    [InlineData("'1969-12-31 23:59:59.9995'::timestamp", "\"d\"", "-1")]
    [InlineData("'0001-01-01 00:00:00 BC'::timestamp", "\"d\"", "-62167219200000")]
    [InlineData("'4713-01-01 00:00:00 BC'::timestamp", "\"d\"", "-210863520000000")]
    [InlineData("'275760-09-13 00:00:00'::timestamptz", "\"d\"", "8640000000000000")]
    [InlineData("'infinity'::timestamptz", "\"d\"", "\"infinity\"")]
    [InlineData("'-infinity'::timestamp", "\"d\"", "\"-infinity\"")]
    [InlineData("'{\"b\": [1, 2.50, null], \"a\": \"ü\"}'::json", "\"\"", "{\"b\": [1, 2.50, null], \"a\": \"ü\"}")]
    [InlineData("'{\"b\":1,\"a\":2}'::jsonb", "\"\"", "{\"a\": 2, \"b\": 1}")]
    [InlineData("'null'::jsonb", "\"\"", "null")]
    [InlineData("'\\x00ff10'::bytea", "\"b\"", "{\"at\":0,\"length\":3}")]
    [InlineData("'(1.5,2)'::point", "\"\"", "\"(1.5,2)\"")]
    [InlineData("'<(0,0),1>'::circle", "\"\"", "\"<(0,0),1>\"")]
    [InlineData("'a fat cat'::tsvector", "\"\"", "\"'a' 'cat' 'fat'\"")]
    [InlineData("'fat & cat'::tsquery", "\"\"", "\"'fat' & 'cat'\"")]
    [InlineData("'16/B374D848'::pg_lsn", "\"\"", "\"16/B374D848\"")]
    [InlineData("'1 2'::int2vector", "\"\"", "\"1 2\"")]
    [InlineData("'pg_class'::regclass", "\"\"", "\"pg_class\"")]
    [InlineData("ROW(1, 'a')", "\"\"", "\"(1,a)\"")]
    [InlineData("'{}'::int4[]", "[\"a\",\"\"]", "[]")]
    [InlineData("'{1,NULL,3}'::int4[]", "[\"a\",\"\"]", "[1,null,3]")]
    [InlineData("'[0:1][2:3]={{1,2},{3,4}}'::int8[]", "[\"a\",\"n\"]", "[[1,2],[3,4]]")]
    [InlineData("ARRAY['NULL', NULL, '', 'a,b', 'c\"d', E'e\\\\f', '{}', ' ']", "[\"a\",\"\"]", "[\"NULL\",null,\"\",\"a,b\",\"c\\\"d\",\"e\\\\f\",\"{}\",\" \"]")]
    [InlineData("ARRAY['(1,2),(0,0)', '(3,4),(1,1)']::box[]", "[\"a\",\"\"]", "[\"(1,2),(0,0)\",\"(3,4),(1,1)\"]")]
    [InlineData("ARRAY['{\"a\":[1]}', '[2]']::jsonb[]", "[\"a\",\"\"]", "[{\"a\": [1]},[2]]")]
    [InlineData("ARRAY['\\x01','\\x0203']::bytea[]", "[\"a\",\"b\"]", "[{\"at\":0,\"length\":1},{\"at\":1,\"length\":2}]")]
    [InlineData("ARRAY['2024-01-01','infinity']::timestamptz[]", "[\"a\",\"d\"]", "[1704067200000,\"infinity\"]")]
    [InlineData("'[1,5]'::int4range", "[\"r\",\"\"]", "{\"lower\":1,\"upper\":6,\"flags\":1}")]
    [InlineData("'(,)'::int8range", "[\"r\",\"n\"]", "{\"lower\":null,\"upper\":null,\"flags\":0}")]
    [InlineData("'empty'::numrange", "[\"r\",\"m\"]", "\"empty\"")]
    [InlineData("'(2024-01-01,2024-01-02]'::tstzrange", "[\"r\",\"d\"]", "{\"lower\":1704067200000,\"upper\":1704153600000,\"flags\":2}")]
    [InlineData("'{[1,3),[5,)}'::int4multirange", "[\"a\",[\"r\",\"\"]]", "[{\"lower\":1,\"upper\":3,\"flags\":1},{\"lower\":5,\"upper\":null,\"flags\":1}]")]
    [InlineData("'{}'::datemultirange", "[\"a\",[\"r\",\"\"]]", "[]")]
    [InlineData("ARRAY['[1,2)'::int4range, 'empty']", "[\"a\",[\"r\",\"\"]]", "[{\"lower\":1,\"upper\":2,\"flags\":1},\"empty\"]")]
    public async Task Value_OfABuiltInType_CrossesAs(string expression, string kind, string value)
    {
        var answer = await Client.RunAsync($"SELECT {expression}");

        Assert.Equal(kind, answer.Kind);
        Assert.Equal(value, answer.Value);
    }

    [Fact]
    public async Task Value_OfATypeOfTheDatabase_CrossesByItsStructure()
    {
        await Client.RunAsync("""
            CREATE EXTENSION hstore; CREATE EXTENSION citext;
            CREATE TYPE mood AS ENUM ('sad', 'so so');
            CREATE DOMAIN email AS citext CHECK (VALUE LIKE '%@%');
            CREATE DOMAIN ids AS int8[];
            CREATE TYPE place AS (name text, "at" point, tags text[], since timestamptz);
            CREATE TYPE visit AS (place place, moods mood[], email email, ids ids, attributes hstore);
            CREATE TYPE floatrange AS RANGE (subtype = float8);
            """);
        const string Place = """ROW('a "b", \c', '(1,2)', ARRAY['x', NULL, 'y"z'], '2024-01-01Z')::place""";

        var answer = await Client.RunAsync($$"""
            SELECT ROW({{Place}}, ARRAY['sad', 'so so']::mood[], 'a@B', ARRAY[1, 9007199254740993], 'k=>v, "q""=>NULL'::text::hstore)::visit
            """.Replace("'k=>v, \"q\"\"=>NULL'", "'\"k\"=>\"v\\\"w\", n=>NULL'", StringComparison.Ordinal));
        Assert.Equal(
            """["o",[["place",["o",[["name",""],["at",""],["tags",["a",""]],["since","d"]]]],["moods",["a",""]],["email",""],["ids",["a","n"]],["attributes","h"]]]""",
            answer.Kind);
        Assert.Equal(
            """{"fields":[{"fields":["a \"b\", \\c","(1,2)",["x",null,"y\"z"],1704067200000]},["sad","so so"],"a@B",[1,"9007199254740993"],{"k":"v\"w","n":null}]}""",
            answer.Value);

        Assert.Equal("""{"lower":1.5,"upper":"Infinity","flags":1}""", await Client.ValueAsync("SELECT '[1.5,Infinity)'::floatrange"));
        Assert.Equal("""[{"fields":[null,null,null,null]},null]""", await Client.ValueAsync("SELECT ARRAY[ROW(NULL,NULL,NULL,NULL)::place, NULL]"));
        Assert.Equal("\"SAD@x\"", await Client.ValueAsync("SELECT 'SAD@x'::email"));
        Assert.Equal("{}", await Client.ValueAsync("SELECT ''::hstore"));
    }

    [Theory]
    [InlineData("int2", "5")]
    [InlineData("int8", """["n","9223372036854775807"]""", "\"9223372036854775807\"")]
    [InlineData("float8", "1e-7", "1e-07")]
    [InlineData("float8", """["f","NaN"]""", "\"NaN\"")]
    [InlineData("float4", """["f","-Infinity"]""", "\"-Infinity\"")]
    [InlineData("numeric", """["m","12345678901234567890.0987654321"]""", "\"12345678901234567890.0987654321\"")]
    [InlineData("money", """["m","12.34"]""", "\"12.34\"")]
    [InlineData("bool", "true")]
    [InlineData("text", "\"a'b\\\\c\\\"d ü😀\"", "\"a'b\\\\c\\\"d ü😀\"")]
    [InlineData("text", "17", "\"17\"")]
    [InlineData("text", "\"\"")]
    [InlineData("char(3)", "\"a\"", "\"a  \"")]
    [InlineData("timestamptz", """["d",1709210096789]""", "1709210096789")]
    [InlineData("timestamp", """["d",-62167219200001]""", "-62167219200001")]
    [InlineData("timestamptz", """["d",8640000000000000]""", "8640000000000000")]
    [InlineData("timestamptz", """["d","-infinity"]""", "\"-infinity\"")]
    [InlineData("date", """["d",1709210096789]""", "\"2024-02-29\"")]
    [InlineData("interval", "\"P1Y2M3DT4H5M6.7S\"")]
    [InlineData("jsonb", """["j","{\"a\":[1,\"b\"]}"]""", """{"a": [1, "b"]}""")]
    [InlineData("json", """["a",[1,["n","5"],["d",0],"x\"y",["j","{\"k\":1}"],null,["f","NaN"],["a",[]]]]""", """[1,"5","1970-01-01 00:00:00.000+00","x\"y",{"k":1},null,null,[]]""")]
    [InlineData("jsonb", "\"\\\"text\\\"\"", "\"text\"")]
    [InlineData("int4[]", """["a",[1,null,3]]""", "[1,null,3]")]
    [InlineData("int8[]", """["a",[["a",[1,2]],["a",[["n","9007199254740993"],4]]]]""", """[[1,2],["9007199254740993",4]]""")]
    [InlineData("text[]", """["a",["NULL","","a,b","c\"d","e\\f","{}",null,true]]""", """["NULL","","a,b","c\"d","e\\f","{}",null,"true"]""")]
    [InlineData("text[]", "\"{a,b}\"", """["a","b"]""")]
    [InlineData("timestamptz[]", """["a",[["d",0],["d","infinity"]]]""", """[0,"infinity"]""")]
    [InlineData("jsonb[]", """["a",[["j","{\"a\":1}"],["a",[1]],null]]""", """[{"a": 1},[1],null]""")]
    [InlineData("box[]", """["a",["(1,2),(0,0)","(3,4),(1,1)"]]""", """["(1,2),(0,0)","(3,4),(1,1)"]""")]
    [InlineData("int4range", """["j","{\"lower\":1,\"upper\":5,\"lowerInclusive\":false,\"upperInclusive\":true}"]""", """{"lower":2,"upper":6,"flags":1}""")]
    [InlineData("int4range", """["j","{\"empty\":true}"]""", "\"empty\"")]
    [InlineData("tstzrange", """["j","{\"lower\":\"2024-01-01T00:00:00.000Z\",\"upper\":null}"]""", """{"lower":1704067200000,"upper":null,"flags":1}""")]
    [InlineData("int4multirange", """["a",[["j","{\"lower\":1,\"upper\":3}"],["j","{\"lower\":5,\"upper\":7}"]]]""", """[{"lower":1,"upper":3,"flags":1},{"lower":5,"upper":7,"flags":1}]""")]
    [InlineData("uuid", "\"6f9619ff-8b86-d011-b42d-00cf4fc964ff\"")]
    [InlineData("int4", "null", "null")]
    public async Task Parameter_OfABuiltInType_ComesBack(string type, string parameter, string? back = null)
    {
        Assert.Equal(back ?? parameter, await Client.ValueAsync($"SELECT $1::{type}", $"[{parameter}]"));
        await Client.RunAsync($"CREATE TABLE stored (value {type})");
        await Client.RunAsync("INSERT INTO stored VALUES ($1)", $"[{parameter}]");
        Assert.Equal(back ?? parameter, await Client.ValueAsync("SELECT value FROM stored"));
    }

    [Fact]
    public async Task Parameter_OfBytes_ComesBack()
    {
        byte[] sent = [9, 0, 255, 92, 39, 9];

        var answer = await Client.RunAsync("SELECT $1::bytea, $2::bytea, ARRAY[$1, $2], length($1)", """[["b",1,4],["b",0,0]]""", sent);

        Assert.Equal("""[[{"at":0,"length":4},{"at":4,"length":0},[{"at":4,"length":4},{"at":8,"length":0}],4]]""", answer.Rows);
        Assert.Equal([0, 255, 92, 39, 0, 255, 92, 39], answer.Bytes);
        Assert.Equal("""[{"at":0,"length":2},null]""", await Client.ValueAsync("SELECT $1::bytea[]", """[["a",[["b",1,2],null]]]""", sent));
    }

    [Fact]
    public async Task Parameter_OfATypeOfTheDatabase_ComesBack()
    {
        await Client.RunAsync("""
            CREATE EXTENSION hstore;
            CREATE TYPE place AS (name text, tags text[], since timestamptz, extra jsonb);
            CREATE DOMAIN spot AS place;
            CREATE FUNCTION vector_in(cstring) RETURNS vector LANGUAGE internal IMMUTABLE STRICT AS 'textin';
            CREATE FUNCTION vector_out(vector) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
            CREATE TYPE vector (INPUT = vector_in, OUTPUT = vector_out, LIKE = text);
            """);
        const string Sent = """["j","{\"name\":\"a \\\"b\\\", \\\\c\",\"tags\":[\"x\",null],\"since\":\"2024-01-01T00:00:00Z\",\"extra\":{\"k\":[1]}}"]""";
        const string Back = """{"fields":["a \"b\", \\c",["x",null],1704067200000,{"k": [1]}]}""";

        Assert.Equal(Back, await Client.ValueAsync("SELECT $1::place", $"[{Sent}]"));
        Assert.Equal(Back, await Client.ValueAsync("SELECT $1::spot", $"[{Sent}]"));
        Assert.Equal($"[{Back},null]", await Client.ValueAsync("SELECT $1::place[]", $"""[["a",[{Sent},null]]]"""));
        Assert.Equal("""{"fields":["n",["t"],null,null]}""", await Client.ValueAsync("SELECT $1::place", """[["a",["n",["a",["t"]]]]]"""));
        Assert.Equal("""{"c":null,"a\"b":"1"}""", await Client.ValueAsync("SELECT $1::hstore", """[["j","{\"a\\\"b\":1,\"c\":null}"]]"""));
        Assert.Equal("[1,2.5]", await Client.ValueAsync("SELECT $1::vector", """[["a",[1,2.5]]]"""));
        Assert.Equal("[[1,2],[3]]", await Client.ValueAsync("SELECT $1::vector[]", """[["a",[["a",[1,2]],["a",[3]]]]]"""));
    }

    [Theory]
    [InlineData("\"a\\u0000b\"")]
    [InlineData("\"\\ud800\"")]
    [InlineData("[\"j\",\"{\\\"a\\\":1}\",\"b\"]", "SELECT $1::int4", "22P02")]
    public async Task Parameter_ThatCantBeStored_IsRefused(string parameter, string text = "SELECT $1::text", string? code = null)
    {
        var error = await SqlClient.FailAsync(() => Client.RunAsync(text, $"[{parameter}]"));

        Assert.Equal(code is null ? "TypeError" : "SQLError", error.Name);
        Assert.Equal(code, error.Code);
    }
}
