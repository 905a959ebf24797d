using static Encore.Host.Configuration.Infrastructure.ConfigShape;

namespace Encore.Host.Configuration.Infrastructure;

/// <summary>What <c>infra.config.json</c> may say: the public self-hosting schema, and our own sections behind it.</summary>
internal static class InfrastructureShape
{
    private static readonly ConfigObject ClientCertificate = new ConfigObject().Needs("cert", Text).Needs("key", Text);

    private static readonly ConfigObject Tls = new ConfigObject()
        .May("disabled", Flag).May("ca", Text).May("client_cert", ClientCertificate)
        .May("disable_tls_hostname_verification", Flag).May("disable_ca_validation", Flag);

    private static readonly ConfigShape Auth = List(new ConfigVariants(
        ("key", ConfigVariants.Keys().Needs("id", Integer(0)).Needs("key", Text))));

    private static readonly ConfigShape Bucket = new ConfigObject().Needs("name", Text).May("key_prefix", Text).May("public_base_url", Text);

    /// <summary>The whole file.</summary>
    public static ConfigShape Root { get; } = new ConfigObject()
        .May("$schema", Text)
        .May("metadata", new ConfigObject()
            .May("app_id", Text).May("env_name", Text)
            .May("env_type", OneOf("production", "development", "ephemeral", "test"))
            .May("cloud", OneOf("aws", "gcp", "azure", "encore", "local")).May("base_url", Url))
        .May("graceful_shutdown", new ConfigObject().May("total", Seconds).May("shutdown_hooks", Seconds).May("handlers", Seconds))
        .May("auth", Auth)
        .May("service_discovery", Map(new ConfigObject().Needs("base_url", Url).May("auth", Auth)))
        .May("metrics", Metrics())
        .May("sql_servers", List(SqlServer()))
        .May("redis", Map(Redis()))
        .May("pubsub", List(PubSub()))
        .May("secrets", new SecretsShape())
        .May("hosted_services", List(Text))
        .May("hosted_gateways", List(Text))
        .May("cors", new ConfigObject()
            .May("debug", Flag).May("allow_headers", List(Text)).May("expose_headers", List(Text))
            .May("allow_origins_without_credentials", List(Text)).May("allow_origins_with_credentials", List(Text)))
        .May("object_storage", List(new ConfigVariants(
            ("gcs", ConfigVariants.Keys().May("endpoint", Text).Needs("buckets", Map(Bucket))),
            ("s3", ConfigVariants.Keys().Needs("region", Text).May("endpoint", Text).May("access_key_id", Text)
                .May("secret_access_key", Text).Needs("buckets", Map(Bucket))))))
        .May("worker_threads", Integer(0))
        .May("log_config", Text)
        .May("tracing", Anything)
        .May("cron", new ConfigObject().May("enabled", Flag))
        .May("limits", new ConfigObject().May("handler_timeout_seconds", Seconds))
        .May("http", new ConfigObject()
            .May("h2c", Flag)
            .May("tls", new ConfigObject().Needs("cert", Text).Needs("key", Text))
            .May("compression", new ConfigObject().May("enabled", Flag).May("min_bytes", Integer(0))));

    private static ConfigVariants Metrics() => new(
        ("prometheus", ConfigVariants.Keys().May("collection_interval", Integer(1)).Needs("remote_write_url", Text)),
        ("datadog", ConfigVariants.Keys().May("collection_interval", Integer(1)).Needs("site", Text).Needs("api_key", Text)),
        ("gcp_cloud_monitoring", ConfigVariants.Keys().May("collection_interval", Integer(1)).Needs("project_id", Text)
            .Needs("monitored_resource_type", Text).May("monitored_resource_labels", Map(Text)).May("metric_names", Map(Text))),
        ("aws_cloudwatch", ConfigVariants.Keys().May("collection_interval", Integer(1)).Needs("namespace", Text)));

    private static ConfigObject SqlServer() => new ConfigObject()
        .Needs("host", Text).May("tls_config", Tls)
        .Needs("databases", Map(new ConfigObject()
            .May("name", Text).Needs("username", Text).Needs("password", Text)
            .May("min_connections", Integer(0)).May("max_connections", Integer(0)).May("client_cert", ClientCertificate)));

    private static ConfigObject Redis() => new ConfigObject()
        .May("host", Text).May("database_index", Integer(0)).May("key_prefix", Text).May("tls_config", Tls).May("in_memory", Flag)
        .May("min_connections", Integer(0)).May("max_connections", Integer(0))
        .May("auth", new ConfigObject()
            .Needs("type", OneOf("auth", "auth_string", "acl")).May("username", Text).May("password", Text).May("auth_string", Text));

    private static ConfigVariants PubSub()
    {
        var named = new ConfigObject().Needs("name", Text);
        var push = new ConfigObject().Needs("id", Text).Needs("service_account", Text).Needs("jwt_audience", Text);
        var gcpSubscription = new ConfigObject().Needs("name", Text).May("project_id", Text).May("push_config", push);
        var arn = new ConfigObject().Needs("arn", Text);
        return new ConfigVariants(
            ("gcp_pubsub", Broker().Needs("project_id", Text).May("service_account_key", Text).May("push_keys_url", Url).Needs("topics", Map(
                new ConfigObject().Needs("name", Text).May("project_id", Text).Needs("subscriptions", Map(gcpSubscription))))),
            ("aws_sns_sqs", Broker().May("region", Text).May("endpoint", Url).May("access_key_id", Text).May("secret_access_key", Text)
                .Needs("topics", Map(new ConfigObject().Needs("arn", Text).Needs("subscriptions", Map(arn))))),
            ("nsq", Broker().Needs("hosts", Text).May("lookupds", Text).May("auth_secret", Text).May("tls_config", Tls)
                .May("compression", OneOf("none", "deflate", "snappy")).May("deflate_level", Integer(1, 9)).May("name_prefix", Text)
                .Needs("topics", Map(new ConfigObject().Needs("name", Text).May("subscriptions", Map(named))))),
            ("kafka", Own().Needs("brokers", Text).May("username", Text).May("password", Text)
                .May("sasl_mechanism", OneOf("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512")).May("partitions", Integer(1))
                .May("replication_factor", Integer(1, short.MaxValue)).May("tls_config", Tls).May("name_prefix", Text)),
            ("nats", Own().Needs("url", Text).May("username", Text).May("password", Text).May("token", Text).May("replicas", Integer(1))
                .May("tls_config", Tls).May("name_prefix", Text)),
            ("rabbitmq", Own().Needs("url", Text).May("username", Text).May("password", Text).May("tls_config", Tls).May("name_prefix", Text)),
            ("azure_service_bus", Own().Needs("connection_string", Text).May("sasl_mechanism", OneOf("ANONYMOUS", "PLAIN"))
                .May("management_endpoint", Url).May("tls_config", Tls).May("name_prefix", Text)),
            ("redis_streams", Own().Needs("host", Text).May("username", Text).May("password", Text).May("database_index", Integer(0))
                .May("key_prefix", Text).May("durability", OneOf("none", "every_second", "always")).May("tls_config", Tls)),
            ("postgres", Own().Needs("database", Text)),
            ("embedded", Own().May("path", Text)));
    }

    private static ConfigObject Broker() => ConfigVariants.Keys().May("provision", Flag);

    /// <summary>A broker of ours: without topics, it takes all that no other does.</summary>
    private static ConfigObject Own()
    {
        var named = new ConfigObject().May("name", Text);
        return Broker().May("topics", Map(new ConfigObject().May("name", Text).May("subscriptions", Map(named))));
    }
}
