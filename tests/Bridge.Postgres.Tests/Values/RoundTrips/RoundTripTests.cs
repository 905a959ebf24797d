using System.Globalization;
using System.Text.Json;
using Bridge.Postgres.Tests.Queries;
using Bridge.Postgres.Tests.Servers;

namespace Bridge.Postgres.Tests.Values.RoundTrips;

[Collection(SharedServerCollection.Name)]
public sealed class RoundTripsOfDebianTests(SharedServer server) : RoundTripTests(server);

[Collection(NewestServerCollection.Name)]
public sealed class RoundTripsOfTheNewestTests(NewestServer server) : RoundTripTests(server);

/// <summary>
/// Random values of every type. What the server understood of a parameter has to be what it reads from the value's text; and what came back, sent
/// again, has to be the same once more.
/// </summary>
public abstract class RoundTripTests(IDatabaseServer server) : ServerTest(server)
{
    private const int Values = 100;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await Client.RunAsync("""
            CREATE EXTENSION hstore; CREATE EXTENSION citext;
            CREATE TYPE mood AS ENUM ('sad', 'so so', 'a"b', 'c,d', '{}', 'NULL');
            CREATE DOMAIN count AS int8 CHECK (VALUE >= 0);
            CREATE TYPE pair AS (a int, "b c" text, tags text[], at timestamptz);
            CREATE FUNCTION vector_in(cstring) RETURNS vector LANGUAGE internal IMMUTABLE STRICT AS 'textin';
            CREATE FUNCTION vector_out(vector) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
            CREATE TYPE vector (INPUT = vector_in, OUTPUT = vector_out, LIKE = text);
            """);
    }

    public static TheoryData<string> Types { get; } = [.. RandomValues.Types];

    [Theory]
    [MemberData(nameof(Types))]
    public async Task RandomValues_ComeBackAsTheServerUnderstandsThem(string type)
    {
        var seed = int.Parse(Environment.GetEnvironmentVariable("ROUND_TRIP_SEED") ?? Random.Shared.Next().ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        var random = new RandomValues(new Random(seed));
        var text = type == "json" ? "jsonb::text" : "text";
        for (var value = 0; value < Values; value++)
        {
            var sample = random.Next(type);
            var place = $"ROUND_TRIP_SEED={seed}, value {value}: {sample.Operand} {sample.Text}";

            var answer = await RunAsync($"SELECT $1::{type}, $1::{type}::{text}, $2::text::{type}::{text}", $"[{sample.Operand},{SqlClient.Quote(sample.Text)}]", sample.Bytes, place);
            var row = JsonDocument.Parse(answer.Rows).RootElement[0];
            Assert.True(row[1].GetRawText() == row[2].GetRawText(), $"{place}: sent {row[1]}, meant {row[2]}");

            var again = Returned.Operand(row[0], JsonDocument.Parse(answer.Columns).RootElement[0][1], RandomValues.IsJson(type));
            var second = await RunAsync($"SELECT $1::{type}::{text}", $"[{again}]", answer.Bytes, place);
            Assert.True(second.Value == row[1].GetRawText(), $"{place}: sent {row[1]}, came back as {again}, which is {second.Value}");
        }
    }

    private async Task<SqlClient.Answer> RunAsync(string text, string parameters, byte[] bytes, string place)
    {
        try
        {
            return await Client.RunAsync(text, parameters, bytes);
        }
        catch (Bridge.Core.Operations.OperationException error)
        {
            throw new InvalidOperationException($"{place}: {error.Message} ({parameters})", error);
        }
    }
}
