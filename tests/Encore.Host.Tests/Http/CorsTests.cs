using Encore.Host.Configuration;
using Encore.Host.Configuration.Infrastructure;

namespace Encore.Host.Tests.Http;

/// <summary>The table of CORS: who may call, with credentials and without, and what browsers are told.</summary>
public sealed class CorsTests
{
    private const string AlwaysAllowed = "accept, authorization, content-type, origin, user-agent, x-correlation-id, x-request-id, x-requested-with";
    private const string AlwaysExposed = "x-request-id, x-correlation-id, x-encore-trace-id";

    private static readonly CorsConfig Listed = new()
    {
        AllowOriginsWithCredentials = ["https://app.example.org", "https://*.preview.example.org"],
        AllowOriginsWithoutCredentials = ["https://public.example.org"],
        AllowHeaders = ["X-Extra"],
        ExposeHeaders = ["X-Shown"],
    };

    [Theory]
    [InlineData("https://any.example.com", "", "https://any.example.com", null)]
    [InlineData("null", "", "null", null)]
    [InlineData("https://any.example.com", "Cookie: a=b\r\n", null, null)]
    [InlineData("https://any.example.com", "Authorization: Bearer x\r\n", null, null)]
    [InlineData("http://localhost:3000", "Cookie: a=b\r\n", null, null)]
    public async Task Get_NothingConfigured_IsOpenWithoutCredentialsOnly(string origin, string headers, string? allowed, string? credentials)
    {
        await using var host = await StartAsync(null);

        var response = await host.GetAsync("/plain", $"Origin: {origin}\r\n{headers}");

        Assert.Equal((200, allowed, credentials), (response.Status, response["Access-Control-Allow-Origin"], response["Access-Control-Allow-Credentials"]));
        Assert.Equal("Origin", response["Vary"]);
    }

    [Theory]
    [InlineData("https://app.example.org", "", true, true)]
    [InlineData("https://app.example.org", "Cookie: a=b\r\n", true, true)]
    [InlineData("https://APP.example.org", "Authorization: x\r\n", true, true)]
    [InlineData("https://one.preview.example.org", "Cookie: a=b\r\n", true, true)]
    [InlineData("https://.preview.example.org", "Cookie: a=b\r\n", false, false)]
    [InlineData("https://preview.example.org", "", false, false)]
    [InlineData("https://public.example.org", "", true, false)]
    [InlineData("https://public.example.org", "Cookie: a=b\r\n", false, false)]
    [InlineData("https://app.example.org.evil.com", "", false, false)]
    [InlineData("http://app.example.org", "", false, false)]
    [InlineData("https://other.example.org", "", false, false)]
    public async Task Get_Listed_FollowsTheLists(string origin, string headers, bool isAllowed, bool withCredentials)
    {
        await using var host = await StartAsync(Listed);

        var response = await host.GetAsync("/plain", $"Origin: {origin}\r\n{headers}");

        Assert.Equal(200, response.Status);
        Assert.Equal(isAllowed ? origin : null, response["Access-Control-Allow-Origin"]);
        Assert.Equal(withCredentials ? "true" : null, response["Access-Control-Allow-Credentials"]);
        Assert.Equal(isAllowed ? AlwaysExposed + ", x-told, x-shown" : null, response["Access-Control-Expose-Headers"]);
    }

    [Fact]
    public async Task Preflight_AllowedOrigin_TellsMethodAndHeadersWithoutCallingAnything()
    {
        await using var host = await StartAsync(Listed);
        var calls = host.Isolate.HandlerCalls;

        var response = await PreflightAsync(host, "/session", "https://app.example.org", "POST", "x-value, content-type");

        Assert.Equal((204, "", "https://app.example.org", "true"), (response.Status, response.Body, response["Access-Control-Allow-Origin"], response["Access-Control-Allow-Credentials"]));
        Assert.Equal("POST", response["Access-Control-Allow-Methods"]);
        Assert.Equal(AlwaysAllowed + ", x-value, x-extra", response["Access-Control-Allow-Headers"]);
        Assert.Equal("Origin, Access-Control-Request-Method, Access-Control-Request-Headers", response["Vary"]);
        Assert.Equal(calls, host.Isolate.HandlerCalls);
    }

    [Theory]
    [InlineData("https://public.example.org", "content-type", true)]
    [InlineData("https://public.example.org", "content-type, Authorization", false)]
    [InlineData("https://other.example.org", "content-type", false)]
    public async Task Preflight_AskingForAuthorization_NeedsTheListWithCredentials(string origin, string headers, bool isAllowed)
    {
        await using var host = await StartAsync(Listed);

        var response = await PreflightAsync(host, "/session", origin, "POST", headers);

        Assert.Equal((204, isAllowed ? origin : null), (response.Status, response["Access-Control-Allow-Origin"]));
        Assert.Equal(isAllowed, response["Access-Control-Allow-Methods"] is not null);
        Assert.Null(response["Access-Control-Allow-Credentials"]);
    }

    [Fact]
    public async Task Preflight_PathWithOwnOptions_IsStillAPreflight()
    {
        await using var host = await StartAsync(null);

        Assert.Equal(204, (await PreflightAsync(host, "/star", "https://a.example", "POST", "accept")).Status);
        Assert.Equal(200, (await host.SendAsync("OPTIONS /star HTTP/1.1\r\nHost: test\r\nOrigin: https://a.example\r\n\r\n")).Status);
    }

    [Fact]
    public async Task Preflight_AnyHeaderAllowed_RepeatsWhatIsAsked()
    {
        await using var host = await StartAsync(new CorsConfig { AllowHeaders = ["*"] });

        var response = await PreflightAsync(host, "/session", "https://a.example", "POST", "x-one, x-two");

        Assert.Equal("x-one, x-two", response["Access-Control-Allow-Headers"]);
    }

    [Fact]
    public async Task Get_RefusedWithDebug_SaysSoInTheLog()
    {
        await using var host = await StartAsync(Listed with { Debug = true });

        await host.GetAsync("/plain", "Origin: https://other.example.org\r\n");

        Assert.Contains(host.Logged(), line => line.TryGetProperty("origin", out var origin) && origin.GetString() == "https://other.example.org");
    }

    [Fact]
    public async Task Get_Error_CarriesTheHeadersToo()
    {
        await using var host = await StartAsync(Listed);

        var response = await host.SendAsync("DELETE /several HTTP/1.1\r\nHost: test\r\nOrigin: https://app.example.org\r\n\r\n");

        Assert.Equal((404, "https://app.example.org"), (response.Status, response["Access-Control-Allow-Origin"]));
    }

    [Fact]
    public async Task Get_NoOrigin_HasNoTraceOfCors()
    {
        await using var host = await StartAsync(Listed);

        var response = await host.GetAsync("/plain");

        Assert.DoesNotContain(response.Headers, header => header.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase) || header.Key == "Vary");
    }

    [Fact]
    public async Task Get_Development_TrustsTheOwnMachine()
    {
        await using var host = await TestHost.StartAsync(application: EdgeApp.Create());

        var local = await host.GetAsync("/plain", "Origin: http://localhost:3000\r\nCookie: a=b\r\n");
        var other = await host.GetAsync("/plain", "Origin: http://localhost.evil.com\r\nCookie: a=b\r\n");

        Assert.Equal(("http://localhost:3000", "true"), (local["Access-Control-Allow-Origin"], local["Access-Control-Allow-Credentials"]));
        Assert.Null(other["Access-Control-Allow-Origin"]);
    }

    [Fact]
    public async Task Get_GlobalCorsOfTheApplication_Holds()
    {
        var folder = Directory.CreateTempSubdirectory("encore-host-test-");
        try
        {
            await File.WriteAllTextAsync(
                Path.Combine(folder.FullName, "encore.app"),
                """{ "id": "a", /* ours */ "global_cors": { "allow_origins_with_credentials": ["https://mine.example"], "expose_headers": ["X-Mine"] } }""");
            await using var host = await TestHost.StartAsync(Production(null), EdgeApp.Create(folder.FullName));

            var response = await host.GetAsync("/plain", "Origin: https://mine.example\r\nCookie: a=b\r\n");

            Assert.Equal(("https://mine.example", "true"), (response["Access-Control-Allow-Origin"], response["Access-Control-Allow-Credentials"]));
            Assert.EndsWith(", x-mine", response["Access-Control-Expose-Headers"], StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static HttpHostOptions Production(CorsConfig? cors) =>
        TestHost.Options with { Environment = HostEnvironment.Production, Infrastructure = new InfrastructureConfig { Cors = cors } };

    private static Task<TestHost> StartAsync(CorsConfig? cors) => TestHost.StartAsync(Production(cors), EdgeApp.Create());

    private static Task<RawResponse> PreflightAsync(TestHost host, string path, string origin, string method, string headers) => host.SendAsync(
        $"OPTIONS {path} HTTP/1.1\r\nHost: test\r\nOrigin: {origin}\r\nAccess-Control-Request-Method: {method}\r\n"
        + $"Access-Control-Request-Headers: {headers}\r\n\r\n");
}
