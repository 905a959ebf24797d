using Encore.Host.Artifacts;
using Encore.Host.Configuration;
using Encore.Host.Http.Cors;
using Encore.Host.Logging;

namespace Encore.Host.Http;

/// <summary>What is decided of requests before and after their routes. Immutable. Thread: any.</summary>
/// <param name="Cors">Which pages of other origins may call.</param>
/// <param name="Compression">How answers are compressed; null for not at all.</param>
internal sealed record EdgePolicies(CorsPolicy Cors, AnswerCompression? Compression)
{
    /// <summary>Makes the policies of an application.</summary>
    public static EdgePolicies Of(LoadedApplication application, HttpHostOptions options, LogSink log)
    {
        var infrastructure = options.Infrastructure;
        var compression = infrastructure.Http.Compression;
        var cors = infrastructure.Cors ?? ApplicationCors.Read(application.Root, log);
        return new EdgePolicies(
            CorsPolicy.Compile(cors, SchemaHeaders.Of(application.Schema), options.Environment, log),
            compression.Enabled ? new AnswerCompression(compression.MinBytes) : null);
    }
}
