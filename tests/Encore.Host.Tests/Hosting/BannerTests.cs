using System.Net;
using Bridge.Core.Schema;
using Encore.Host.Hosting;
using Encore.Host.Tests.Http;
using static Encore.Host.Tests.Http.TestSchema;

namespace Encore.Host.Tests.Hosting;

public sealed class BannerTests
{
    [Fact]
    public void Compose_Application_ListsEndpointsAndWhatToTry()
    {
        var schema = new TestSchema();
        var item = schema.Object(Required("id", schema.Number));
        var application = schema
            .Endpoint("create", "POST", "/items", item)
            .Endpoint("get", "GET", "/items/:id", item)
            .Endpoint("internal", "PUT", "/items/:id/seal", item, expose: false)
            .Build();

        Assert.Equal(
            """

              encore-host listening on http://127.0.0.1:4000 (test-app, ready in 123 ms)

              POST  /items           test.create
              GET   /items/:id       test.get
              PUT   /items/:id/seal  test.internal (private)

              Try: curl http://127.0.0.1:4000/items/1


            """,
            Compose(application));
    }

    [Fact]
    public void Compose_OnlyPost_ShowsABody()
    {
        var schema = new TestSchema();
        var item = schema.Object(
            Required("id", schema.Number), Required("name", schema.Text), Required("tags", schema.TextList), Optional("data", schema.Any), Header("h", schema.Text, "x-h"));

        var banner = Compose(schema.Endpoint("create", "POST", "/items/:id", item).Build());

        Assert.Contains(
            """curl -X POST http://127.0.0.1:4000/items/1 -H 'content-type: application/json' -d '{"name":"text","tags":[]}'""",
            banner,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Compose_NoEndpoints_IsOneLine() =>
        Assert.Equal("\n  encore-host listening on http://127.0.0.1:4000 (test-app, ready in 123 ms)\n\n", Compose(new TestSchema().Build()));

    private static string Compose(Application application) =>
        Banner.Compose(application, new IPEndPoint(IPAddress.Any, 4000), TimeSpan.FromMilliseconds(123));
}
