using System.Text.Json;
using Bridge.Core.Schema;
using Encore.Cli.Tests.Support;
using Encore.Host.Commands;
using Google.Protobuf;

namespace Encore.Cli.Tests.Commands;

public sealed class InspectTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Inspect_Artifact_IsReadable()
    {
        File.WriteAllBytes(_folder["app.schema.pb"], Sample().ToByteArray());

        var result = await CliProcess.RunAsync(_folder, "inspect", "app.schema.pb");

        Assert.Equal((ExitCodes.Ok, ""), (result.ExitCode, result.Error));
        Golden.Equal("inspect.txt", result.Output);
    }

    [Fact]
    public async Task Inspect_EveryShapeAndRule_IsReadable()
    {
        File.WriteAllBytes(_folder["app.schema.pb"], EveryType.Application().ToByteArray());

        var result = await CliProcess.RunAsync(_folder, "inspect", "app.schema.pb");

        Assert.Equal((ExitCodes.Ok, ""), (result.ExitCode, result.Error));
        Golden.Equal("inspect-types.txt", result.Output);
    }

    [Fact]
    public async Task Inspect_EveryResource_IsReadable()
    {
        var application = Chat.Application();
        application.Middleware.Add(new MiddlewareSchema { Name = "timing", Position = new SourcePosition { Line = 3, Column = 1 } });
        application.Middleware.Add(new MiddlewareSchema { Target = new MiddlewareTarget { Expose = true, IsStream = false, Tags = { "beta" } } });
        application.CronJobs.Add(new CronJobSchema { Name = "clean-up", Endpoint = 5, Schedule = "0 4 * * *" });
        application.CronJobs.Add(new CronJobSchema { Name = "count", Endpoint = 5, EverySeconds = 21600 });
        application.Secrets.Add(new SecretSchema { Name = "API_KEY", Positions = { new SourcePosition { Line = 7, Column = 13 } } });
        application.AuthHandlers[0].CacheSeconds = 60;
        application.Endpoints[4].Static = new StaticSchema { Dir = "user-files/public", NotFound = "user-files/404.html", NotFoundStatus = 404 };
        AddTopics(application);
        File.WriteAllBytes(_folder["app.schema.pb"], application.ToByteArray());

        var result = await CliProcess.RunAsync(_folder, "inspect", "app.schema.pb");

        Assert.Equal((ExitCodes.Ok, ""), (result.ExitCode, result.Error));
        Golden.Equal("inspect-resources.txt", result.Output);
    }

    [Fact]
    public async Task Inspect_Json_HoldsEverything()
    {
        File.WriteAllBytes(_folder["app.schema.pb"], Sample().ToByteArray());

        var result = await CliProcess.RunAsync(_folder, "inspect", ".", "--json");

        Assert.Equal(Sample(), Application.Parser.ParseJson(result.Output));
        using var json = JsonDocument.Parse(result.Output);
        Assert.Equal("shop", json.RootElement.GetProperty("name").GetString());
    }

    [Fact]
    public async Task Inspect_SomethingElse_IsOneClearLine()
    {
        _folder.Write("app.schema.pb", "not an artifact");

        var result = await CliProcess.RunAsync(_folder, "inspect", "app.schema.pb");

        Assert.Equal(ExitCodes.ApplicationErrors, result.ExitCode);
        Assert.Contains("isn't a schema artifact, or it is damaged", result.Error.Split('\n')[0], StringComparison.Ordinal);
    }

    private static void AddTopics(Application application)
    {
        application.Topics.Add(new TopicSchema
        {
            Name = "carts",
            Position = new SourcePosition { Line = 9, Column = 22 },
            Guarantee = TopicGuarantee.ExactlyOnce,
            Message = 3,
            OrderingAttribute = "cart",
            Attributes = { new TopicAttribute { Field = "cart", Name = "cart" }, new TopicAttribute { Field = "shelf", Name = "x-shelf" } },
        });
        application.Topics.Add(new TopicSchema { Name = "ticks", Message = 4, Guarantee = TopicGuarantee.AtLeastOnce });
        SubscriptionSchema[] subscriptions =
        [
            new() { Name = "count", Service = 0, MaxConcurrency = 5, AckDeadlineSeconds = 60, MessageRetentionSeconds = 5400, MaxRetries = 0, Position = new SourcePosition { Line = 12, Column = 1 } },
            new() { Name = "mail", AckDeadlineSeconds = 1.5, MessageRetentionSeconds = 604800, MinBackoffSeconds = 0.5, MaxBackoffSeconds = 600, MaxRetries = 1 },
            new() { Topic = 1, Name = "stubborn", Service = 0, MaxConcurrency = 100, AckDeadlineSeconds = 30, MessageRetentionSeconds = 604800, MinBackoffSeconds = 10, MaxBackoffSeconds = 600, MaxRetries = -1 },
            new() { Topic = 1, Name = "usual", Service = 0, MaxConcurrency = 100, AckDeadlineSeconds = 30, MessageRetentionSeconds = 604800, MinBackoffSeconds = 10, MaxBackoffSeconds = 600, MaxRetries = 100 },
        ];
        application.Subscriptions.AddRange(subscriptions);
    }

    private static Application Sample()
    {
        var application = new Application
        {
            FormatVersion = 1,
            Name = "shop",
            Build = new Build { Generator = "encore-host 9.9.9", TypescriptVersion = "6.0.3", BundleSha256 = ByteString.CopyFrom(1, 2, 254) },
            Files = { "orders/orders.ts" },
            Types_ =
            {
                new TypeSchema { Primitive = Primitive.String, Rule = new Rule { All = new RuleList { Rules = { new Rule { MinLength = 2 }, new Rule { Is = Format.Email } } } } },
                new TypeSchema { Primitive = Primitive.Null },
                new TypeSchema { Union = new UnionShape { Options = { 0, 1 } } },
                new TypeSchema { Array = new ArrayShape { Element = 2 } },
                new TypeSchema
                {
                    Name = "Order",
                    Position = new SourcePosition { Line = 3, Column = 18 },
                    Object = new ObjectShape
                    {
                        Fields =
                        {
                            new Field { Name = "emails", Type = 3 },
                            new Field { Name = "trace", Type = 0, Optional = true, Wire = new Wire { Kind = WireKind.Header, Name = "x-trace" } },
                            new Field { Name = "parent", Type = 4, Optional = true },
                        },
                    },
                },
                new TypeSchema { Record = new RecordShape { Value = 4 } },
            },
            Services = { new ServiceSchema { Name = "orders", Folder = "orders" } },
        };
        application.Endpoints.Add(new EndpointSchema
        {
            Name = "order",
            ExportName = "order",
            Methods = { "GET", "HEAD" },
            Path = { Segment(PathSegmentKind.Literal, "orders"), Segment(PathSegmentKind.Parameter, "id"), Segment(PathSegmentKind.Wildcard, "rest") },
            Expose = true,
            Auth = true,
            Tags = { "read" },
            BodyLimit = new BodyLimit { Bytes = 1024 },
            Kind = EndpointKind.Typed,
            Request = 4,
            Response = 5,
            Position = new SourcePosition { Line = 7, Column = 22 },
        });
        application.Endpoints.Add(new EndpointSchema { Name = "tick", ExportName = "tick", Methods = { "*" }, Kind = EndpointKind.Raw, Sensitive = true });
        return application;
    }

    private static PathSegment Segment(PathSegmentKind kind, string value) => new() { Kind = kind, Value = value };
}
