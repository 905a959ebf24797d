using System.Text;
using Encore.Host.Configuration.Infrastructure;
using Encore.Host.Logging;
using Encore.Host.Tests.Http;

namespace Encore.Host.Tests.Configuration;

/// <summary>What the configuration may say, what comes of it, and how mistakes are told.</summary>
public sealed class InfrastructureReaderTests
{
    private const string Whole =
        """
        {
          "$schema": "https://encore.dev/schemas/infra.schema.json",
          "metadata": { "app_id": "shop", "env_name": "prod", "env_type": "production", "cloud": "aws", "base_url": "https://shop.example" },
          "graceful_shutdown": { "total": 30, "shutdown_hooks": 10, "handlers": 20 },
          "auth": [{ "type": "key", "id": 1, "key": { "$env": "SERVICE_KEY" } }],
          "service_discovery": { "orders": { "base_url": "http://orders:4000" }, "stock": { "base_url": "http://stock:4000", "auth": [{ "type": "key", "id": 2, "key": "k2" }] } },
          "metrics": { "type": "prometheus", "collection_interval": 15, "remote_write_url": { "$env": "PROMETHEUS" } },
          "sql_servers": [{ "host": "db:5432", "tls_config": { "disable_tls_hostname_verification": true }, "databases": { "shop": { "username": "u", "password": { "$env": "DB_PASSWORD" }, "min_connections": 1, "max_connections": 100 } } }],
          "redis": { "cache": { "host": "redis:6379", "database_index": 0, "auth": { "type": "auth_string", "auth_string": "x" }, "key_prefix": "p" } },
          "pubsub": [
            { "type": "nsq", "hosts": "nsq:4150", "topics": { "t": { "name": "t", "subscriptions": { "s": { "name": "s" } } } } },
            { "type": "aws_sns_sqs", "topics": { "u": { "arn": "arn:1", "subscriptions": { "s": { "arn": "arn:2" } } } } },
            { "type": "gcp_pubsub", "project_id": "p", "topics": { "v": { "name": "v", "subscriptions": { "s": { "name": "s", "push_config": { "id": "i", "service_account": "a", "jwt_audience": "j" } } } } } }
          ],
          "secrets": { "ApiKey": { "$env": "API_KEY" }, "Other": "plain" },
          "hosted_services": ["orders"],
          "hosted_gateways": ["api-gateway"],
          "cors": { "debug": true, "allow_headers": ["x-a"], "expose_headers": ["x-b"], "allow_origins_with_credentials": ["https://a"], "allow_origins_without_credentials": ["*"] },
          "object_storage": [{ "type": "s3", "region": "eu", "buckets": { "b": { "name": "b-1", "key_prefix": "k/" } } }],
          "worker_threads": 4,
          "log_config": "encore=debug,warn",
          "tracing": { "otlp": { "endpoint": "http://otel:4317" } },
          "cron": { "enabled": false },
          "limits": { "handler_timeout_seconds": 2.5 },
          "http": { "h2c": false, "tls": { "cert": "tls.pem", "key": "/keys/tls.key" }, "compression": { "enabled": true, "min_bytes": 4096 } }
        }
        """;

    private static readonly Dictionary<string, string> Variables = new(StringComparer.Ordinal)
    {
        ["SERVICE_KEY"] = "k1",
        ["PROMETHEUS"] = "http://prom",
        ["DB_PASSWORD"] = "pw",
        ["API_KEY"] = "secret-value",
        ["PORT_NUMBER"] = "7",
        ["ALL_SECRETS"] = """{"One":"1","Two":"2"}""",
        ["NOT_JSON"] = "secret-value",
    };

    [Fact]
    public void Read_WholeSchema_HasEveryPart()
    {
        var config = Read(Whole, out var problems);

        Assert.Empty(problems);
        Assert.Equal(("shop", "prod", "production", "aws", "https://shop.example"), (config.Metadata.AppId, config.Metadata.EnvName, config.Metadata.EnvType, config.Metadata.Cloud, config.Metadata.BaseUrl));
        Assert.Equal((TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(20)), (config.GracefulShutdown.Total, config.GracefulShutdown.ShutdownHooks, config.GracefulShutdown.Handlers));
        Assert.Equal([new AuthKey(1, "k1")], config.Auth);
        Assert.Equal(("http://orders:4000", "k1"), (config.ServiceDiscovery["orders"].BaseUrl, config.ServiceDiscovery["orders"].Auth[0].Key));
        Assert.Equal("k2", config.ServiceDiscovery["stock"].Auth[0].Key);
        Assert.Equal(("secret-value", "plain"), (config.Secrets["ApiKey"], config.Secrets["Other"]));
        Assert.Equal(["orders"], config.HostedServices!);
        Assert.Equal(["api-gateway"], config.HostedGateways!);
        Assert.Equal((true, "x-a", "x-b", "https://a", "*"), (config.Cors!.Debug, config.Cors.AllowHeaders[0], config.Cors.ExposeHeaders[0], config.Cors.AllowOriginsWithCredentials![0], config.Cors.AllowOriginsWithoutCredentials![0]));
        Assert.Equal((TimeSpan.FromSeconds(2.5), LogSeverity.Warn, false), (config.HandlerTimeout, config.LogThreshold, config.RunsCronJobs));
        Assert.Equal((false, "/app/tls.pem", "/keys/tls.key"), (config.Http.H2c, config.Http.Tls!.CertificateFile, config.Http.Tls.KeyFile));
        Assert.Equal(new CompressionConfig { Enabled = true, MinBytes = 4096 }, config.Http.Compression);
        Assert.Equal("pw", Assert.Single(config.SqlServers).Databases["shop"].Password);
        Assert.Equal(["nsq", "aws_sns_sqs", "gcp_pubsub"], config.Brokers.Select(broker => broker.Type));
        Assert.Equal(new PushConfig("i", "a", "j"), config.Brokers[2].Topics!["v"].Pushed["s"]);
        Assert.Equal("arn:2", config.Brokers[1].Topics!["u"].Subscriptions["s"]);
        Assert.Equal(["metrics", "object_storage", "redis", "tracing", "worker_threads"], config.Sections.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Read_EmptyObject_ChangesNothing()
    {
        var config = Read("{}", out var problems);

        Assert.Empty(problems);
        var options = TestHost.Options.With(config, _ => null);
        Assert.Equal(TestHost.Options with { Infrastructure = config }, options);
    }

    [Fact]
    public void Read_SeveralMistakes_TellsAllWithPlaces()
    {
        Read(
            """
            {
              "metdata": {},
              "metadata": { "env_type": "staging", "base_url": "ftp://x" },
              "cors": { "debug": "yes", "allow_headers": "x" },
              "auth": [{ "type": "key", "id": -1 }, { "type": "oauth" }, {}],
              "worker_threads": { "$env": "MISSING" },
              "graceful_shutdown": { "total": 1e9 },
              "log_config": "loud",
              "completely_unknown_key": 1
            }
            """,
            out var problems);

        Assert.Equal(
            [
                "/app/infra.config.json:2:3: metdata: there is no such key; did you mean metadata?",
                "/app/infra.config.json:3:29: metadata.env_type: this must be one of production, development, ephemeral, test",
                "/app/infra.config.json:3:52: metadata.base_url: this must be an http or https URL",
                "/app/infra.config.json:4:22: cors.debug: this must be true or false",
                "/app/infra.config.json:4:46: cors.allow_headers: this must be an array",
                "/app/infra.config.json:5:35: auth[0].id: this must be a whole number from 0 on",
                "/app/infra.config.json:5:12: auth[0].key: this key is missing; add it",
                "/app/infra.config.json:5:51: auth[1].type: this must be one of key",
                "/app/infra.config.json:5:62: auth[2].type: this key is missing; add it",
                "/app/infra.config.json:6:21: worker_threads: the environment variable MISSING isn't set; set it, or write the value here",
                "/app/infra.config.json:7:35: graceful_shutdown.total: this must be a number of seconds up to 86400",
            ],
            problems.Take(11));
        Assert.StartsWith("/app/infra.config.json:9:3: completely_unknown_key: there is no such key; remove it; known are $schema, metadata,", problems[11], StringComparison.Ordinal);
        Assert.Equal("/app/infra.config.json:8:17: log_config: 'loud' is not one of trace, debug, info, warn, error, off", problems[12]);
        Assert.Equal(13, problems.Count);
    }

    [Theory]
    [InlineData("", "1:1")]
    [InlineData("{", "1:2")]
    [InlineData("{\n  \"cors\": {,}\n}", "2:12")]
    [InlineData("{} x", "1:4")]
    [InlineData("{ // comment\n}", "1:3")]
    public void Read_NotJson_TellsWhere(string text, string place)
    {
        Read(text, out var problems);

        Assert.StartsWith($"/app/infra.config.json:{place}: this isn't JSON: ", Assert.Single(problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]", "/app/infra.config.json:1:1: this must be an object")]
    [InlineData("""{"cors":{},"cors":{}}""", "/app/infra.config.json:1:12: cors: this key stands here twice; remove one")]
    [InlineData("""{"secrets":{"$env":"NOT_JSON"}}""", "/app/infra.config.json:1:12: secrets: the environment variable NOT_JSON must hold a JSON object of strings")]
    [InlineData("""{"worker_threads":{"$env":"API_KEY"}}""", "/app/infra.config.json:1:19: worker_threads: the environment variable API_KEY must hold a whole number from 0 on")]
    public void Read_OneMistake_IsToldWithoutAnyVariablesValue(string text, string problem)
    {
        Read(text, out var problems);

        Assert.Equal([problem], problems);
    }

    [Fact]
    public void Read_SecretsFromOneVariable_AreThatObjects()
    {
        var config = Read("""{"secrets":{"$env":"ALL_SECRETS"}}""", out var problems);

        Assert.Empty(problems);
        Assert.Equal(("1", "2"), (config.Secrets["One"], config.Secrets["Two"]));
    }

    [Fact]
    public void Read_NumberFromVariable_IsANumber()
    {
        var config = Read("""{"worker_threads":{"$env":"PORT_NUMBER"}}""", out var problems);

        Assert.Empty(problems);
        Assert.Equal(7, config.Sections["worker_threads"].GetValue<int>());
    }

    [Fact]
    public void Load_NoFileNamed_IsEmpty()
    {
        var problems = new List<string>();

        Assert.Same(InfrastructureConfig.Empty, InfrastructureReader.Load(null, _ => null, problems));
        Assert.Empty(problems);
    }

    [Theory]
    [InlineData("/nowhere/infra.json", null, "--infra-config: /nowhere/infra.json can't be read")]
    [InlineData(null, "/nowhere/other.json", "ENCORE_INFRA_CONFIG_PATH: /nowhere/other.json can't be read")]
    public void Load_MissingFile_NamesWhoNamedIt(string? flag, string? variable, string problem)
    {
        var problems = new List<string>();

        InfrastructureReader.Load(flag, name => name == InfrastructureReader.PathVariable ? variable : null, problems);

        Assert.StartsWith(problem, Assert.Single(problems), StringComparison.Ordinal);
    }

    [Fact]
    public void With_Configuration_IsAppliedUnlessTheEnvironmentSaysOtherwise()
    {
        var config = Read(Whole, out _);

        var plain = TestHost.Options.With(config, _ => null);
        var told = TestHost.Options.With(config, name => name is "ENCORE_LOG" or "ENCORE_HANDLER_TIMEOUT_SECONDS" ? "1" : null);

        Assert.Equal((LogSeverity.Warn, TimeSpan.FromSeconds(2.5), TimeSpan.FromSeconds(20)), (plain.Log.Threshold, plain.HandlerDeadline, plain.ShutdownLimit));
        Assert.Equal((TestHost.Options.Log.Threshold, TestHost.Options.HandlerDeadline), (told.Log.Threshold, told.HandlerDeadline));
    }

    [Fact]
    public void AuthKey_AsText_HidesTheKey() => Assert.DoesNotContain("k1", new AuthKey(1, "k1").ToString(), StringComparison.Ordinal);

    private static InfrastructureConfig Read(string text, out List<string> problems)
    {
        problems = [];
        return InfrastructureReader.Read("/app/infra.config.json", Encoding.UTF8.GetBytes(text), name => Variables.GetValueOrDefault(name), problems);
    }
}
