using Bridge.Core.Schema;
using Encore.Host.Artifacts;
using static Encore.Host.Tests.Http.TestSchema;

namespace Encore.Host.Tests.Http;

/// <summary>Who may call an endpoint, before anything else of the request is looked at.</summary>
public sealed class AuthTests
{
    private const string Bundle =
        """
        const declared = (handler) => ({ [Symbol.for("encore-host.endpoint")]: { handler } });
        const runtime = globalThis[Symbol.for("encore-host.runtime")];
        runtime.bind("app.ts", {
          store: declared(({ text }) => ({ length: text.length, user: runtime.authData().userID, since: runtime.authData().since.getTime() })),
          auth: declared(({ token }) => (token === "nobody" ? null : { userID: token, since: new Date(1000) })),
        });
        """;

    [Fact]
    public async Task Body_WithoutCredentials_IsNotWaitedFor()
    {
        await using var host = await TestHost.StartAsync(application: Application());
        await using var connection = await host.ConnectAsync();

        // The body is announced and never comes.
        await connection.SendAsync("POST /store HTTP/1.1\r\nHost: test\r\nContent-Length: 400000000\r\n\r\n");
        var response = await connection.ReceiveAsync();

        response.AssertRefusal(401, "unauthenticated", "the request does not have valid authentication credentials for the operation");
        Assert.Equal(0, host.Isolate.HandlerCalls);
    }

    [Theory]
    [InlineData("ada", "{\"text\":\"abc\"}", 200)]
    [InlineData("ada", "{\"text\":1}", 400)]
    [InlineData("nobody", "{\"text\":\"abc\"}", 401)]
    [InlineData("nobody", "{\"text\":1}", 401)]
    public async Task Credentials_DecideBeforeTheBody(string token, string body, int status)
    {
        await using var host = await TestHost.StartAsync(application: Application());

        var response = await host.SendAsync($"POST /store HTTP/1.1\r\nHost: test\r\nX-Token: {token}\r\nContent-Length: {body.Length}\r\n\r\n{body}");

        Assert.Equal(status, response.Status);
    }

    [Theory]
    [InlineData("Content-Length: 400000000")]
    [InlineData("Transfer-Encoding: chunked")]
    public async Task LargeBody_OfSomebodyUnknown_IsNotWaitedFor(string framing)
    {
        await using var host = await TestHost.StartAsync(application: Application());
        await using var connection = await host.ConnectAsync();

        // The body is announced and never comes.
        await connection.SendAsync($"POST /store HTTP/1.1\r\nHost: test\r\nX-Token: nobody\r\n{framing}\r\n\r\n");

        (await connection.ReceiveAsync()).AssertRefusal(401, "unauthenticated", "unauthenticated");
    }

    [Theory]
    [InlineData("text", 100_000, 200)]
    [InlineData("txt", 100_000, 400)]
    public async Task LargeBody_OfSomebodyKnown_IsServedInAnotherTurn(string field, int length, int status)
    {
        await using var host = await TestHost.StartAsync(application: Application());
        var body = $"{{\"{field}\":\"{new string('x', length)}\"}}";

        var response = await host.SendAsync($"POST /store HTTP/1.1\r\nHost: test\r\nX-Token: ada\r\nContent-Length: {body.Length}\r\n\r\n{body}");

        Assert.Equal(status, response.Status);
        if (status == 200)
        {
            Assert.Equal("""{"length":100000,"user":"ada","since":1000}""", response.Body);
            Assert.Contains(host.LoggedOf(response), line => line.TryGetProperty("uid", out var uid) && uid.GetString() == "ada");
        }
    }

    private static LoadedApplication Application()
    {
        var schema = new TestSchema();
        var text = schema.Object(Required("text", schema.Text));
        var parameters = schema.Object(Header("token", schema.Text, "x-token"));
        var user = schema.Object(Required("userID", schema.Text), Required("since", schema.Date));
        var application = schema
            .Endpoint("store", "POST", "/store", text, schema.Object(Required("length", schema.Number), Required("user", schema.Text), Required("since", schema.Number)), limit: new BodyLimit { Unlimited = true })
            .Build();
        application.Endpoints[0].Auth = true;
        application.AuthHandlers.Add(new AuthHandlerSchema { Name = "auth", ExportName = "auth", Params = parameters, AuthData = user });
        application.Gateways.Add(new GatewaySchema { Name = "api-gateway", AuthHandler = 0 });
        return new LoadedApplication(application, Bundle, "/nowhere/app.js", SourceMapPath: null, "/nowhere");
    }
}
