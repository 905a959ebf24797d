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
        globalThis[Symbol.for("encore-host.runtime")].bind("app.ts", {
          store: declared(({ text }) => ({ length: text.length })),
          auth: declared(({ token }) => (token === "nobody" ? null : { userID: token })),
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

    private static LoadedApplication Application()
    {
        var schema = new TestSchema();
        var text = schema.Object(Required("text", schema.Text));
        var parameters = schema.Object(Header("token", schema.Text, "x-token"));
        var user = schema.Object(Required("userID", schema.Text));
        var application = schema
            .Endpoint("store", "POST", "/store", text, schema.Object(Required("length", schema.Number)), limit: new BodyLimit { Unlimited = true })
            .Build();
        application.Endpoints[0].Auth = true;
        application.AuthHandlers.Add(new AuthHandlerSchema { Name = "auth", ExportName = "auth", Params = parameters, AuthData = user });
        application.Gateways.Add(new GatewaySchema { Name = "api-gateway", AuthHandler = 0 });
        return new LoadedApplication(application, Bundle, "/nowhere/app.js", SourceMapPath: null, "/nowhere");
    }
}
