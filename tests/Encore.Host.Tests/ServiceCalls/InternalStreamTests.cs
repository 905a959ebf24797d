using System.Globalization;
using System.Text;
using Encore.Host.Configuration.Infrastructure;
using Encore.Host.ServiceCalls;
using Encore.Host.Streams;
using Encore.Host.Tests.Http;
using Encore.Host.Tests.Streams;

namespace Encore.Host.Tests.ServiceCalls;

/// <summary>What a host takes from those that open its private streams, message by message.</summary>
public sealed class InternalStreamTests
{
    private const string Call = "[null,null]";

    [Fact]
    public async Task SignedStream_IsServed()
    {
        await using var rooms = await RoomsHosts.StartRoomsAsync();
        await using var socket = await OpenAsync(rooms, "count");

        await socket.SendAsync(Call);
        Assert.Equal("o", await socket.ReceiveAsync());
        await socket.SendAsync("""m{"text":"a","at":"1970-01-01T00:00:00.000Z"}""");
        await socket.SendAsync("c");

        Assert.Equal("""r{"text":"a","at":"1970-01-01T00:00:00.000Z"}""", await socket.ReceiveAsync());
        Assert.Equal((1000, ""), await socket.ReceiveCloseAsync());
    }

    [Theory]
    [InlineData("wrong key")]
    [InlineData("other endpoint")]
    [InlineData("none")]
    public async Task AnyOther_IsRefusedBeforeItIsOpened(string fault)
    {
        await using var rooms = await RoomsHosts.StartRoomsAsync();
        var signature = fault switch
        {
            "wrong key" => Sign("count", key: new AuthKey(1, "guessed")),
            "other endpoint" => Sign("refuse"),
            _ => "",
        };

        var answer = await rooms.GetAsync("/__encore/call/rooms.count", signature + WebSocketClient.Handshake);

        Assert.Equal((401, "refused"), (answer.Status, answer["x-encore-call-answer"]));
        Assert.Contains(rooms.LoggedOf(answer), line => line.GetProperty("message").GetString() == "call of another host refused");
    }

    [Fact]
    public async Task CallThatWasntSigned_IsRefusedBeforeAnythingRuns()
    {
        await using var rooms = await RoomsHosts.StartRoomsAsync();
        await using var socket = await OpenAsync(rooms, "count");

        await socket.SendAsync("""[{"userID":"root"},null]""");

        Assert.Equal((1008, "this path is for the application's own hosts"), await socket.ReceiveCloseAsync());
        Assert.Equal(0, rooms.Isolate.HandlerCalls);
        await rooms.UntilSaidAsync("call of another host refused");
    }

    [Fact]
    public async Task WrongParameters_AreAnErrorOfTheCall()
    {
        const string Wrong = """[null,{"room":7}]""";
        await using var rooms = await RoomsHosts.StartRoomsAsync();
        await using var socket = await OpenAsync(rooms, "talk", Wrong);

        await socket.SendAsync(Wrong);

        Assert.StartsWith("""e{"code":"invalid_argument",""", await socket.ReceiveAsync(), StringComparison.Ordinal);
        Assert.Equal(1011, (await socket.ReceiveCloseAsync()).Code);
        Assert.Equal(0, rooms.Isolate.HandlerCalls);
    }

    [Fact]
    public async Task OrdinaryCall_OfAStream_IsRefused()
    {
        await using var rooms = await RoomsHosts.StartRoomsAsync();

        var answer = await rooms.SendAsync(string.Create(
            CultureInfo.InvariantCulture, $"POST /__encore/call/rooms.count HTTP/1.1\r\nHost: test\r\n{Sign("count")}Content-Length: {Call.Length}\r\n\r\n{Call}"));

        Assert.Equal((426, "refused", "failed_precondition"), (answer.Status, answer["x-encore-call-answer"], answer.Json.GetProperty("code").GetString()));
    }

    [Theory]
    [InlineData("x", 1002)]
    [InlineData("", 1002)]
    [InlineData("gmany", 1002)]
    [InlineData("m{}", 1007)]
    [InlineData("m", 1007)]
    public async Task MessageThatHostsDontSay_EndsTheStream(string message, int code)
    {
        await using var rooms = await RoomsHosts.StartRoomsAsync();
        await using var socket = await OpenAsync(rooms, "patient");
        await socket.SendAsync(Call);
        await socket.ReceiveAsync();

        await socket.SendAsync(message);

        if (code == 1007)
        {
            Assert.StartsWith("""e{"code":"invalid_argument",""", await socket.ReceiveAsync(), StringComparison.Ordinal);
        }

        Assert.Equal(code, (await socket.ReceiveCloseAsync()).Code);
        await rooms.UntilSaidAsync("patient ended");
    }

    [Fact]
    public async Task CallerThatWaitsForNoRoom_IsCutOff()
    {
        await using var rooms = await RoomsHosts.StartRoomsAsync();
        await using var socket = await OpenAsync(rooms, "gate");
        await socket.SendAsync(Call);
        await socket.ReceiveAsync();

        for (var i = 0; i <= new StreamOptions().WindowMessages * CallWire.LargestOverrun; i++)
        {
            await socket.SendAsync("""m{"text":"a","at":"1970-01-01T00:00:00.000Z"}""");
        }

        Assert.Equal(1002, (await socket.ReceiveCloseAsync()).Code);
    }

    [Fact]
    public async Task Handler_SendsAsFarAsThereIsRoom_AndTakesGrants()
    {
        await using var rooms = await RoomsHosts.StartRoomsAsync();
        await using var socket = await OpenAsync(rooms, "burst");
        await socket.SendAsync(Call);
        await socket.ReceiveAsync();
        await rooms.UntilSaidAsync("burst sent");

        var received = 0;
        for (; received < new StreamOptions().WindowMessages; received++)
        {
            Assert.Contains($"\"{received.Text()}\"", await socket.ReceiveAsync(), StringComparison.Ordinal);
        }

        // A pong comes in its turn: the messages before it were all.
        await socket.SendAsync(WebSocketClient.Frame(0x89, "?"u8));
        Assert.Equal(0x8a, (await socket.ReceiveFrameAsync()).First);
        await socket.SendAsync("g1");
        Assert.Contains($"\"{received.Text()}\"", await socket.ReceiveAsync(), StringComparison.Ordinal);
    }

    private static Task<WebSocketClient> OpenAsync(TestHost rooms, string endpoint, string call = Call) =>
        rooms.OpenAsync($"/__encore/call/rooms.{endpoint}", Sign(endpoint, call));

    private static string Sign(string endpoint, string call = Call, AuthKey? key = null)
    {
        var signature = CallSignature.Sign(
            key ?? RoomsHosts.Key, new SignedCall($"rooms.{endpoint}", "", ""), Encoding.UTF8.GetBytes(call), DateTimeOffset.UtcNow);
        return $"x-encore-call: {signature}\r\n";
    }
}
