using System.Globalization;
using System.Text;
using Bridge.Core.Schema;

namespace Encore.Host.Commands;

/// <summary>Writes what an artifact says of resources besides services and endpoints.</summary>
/// <param name="schema">The artifact.</param>
/// <param name="types">Writes types.</param>
internal sealed partial class ResourcePrinter(Application schema, TypePrinter types)
{
    private readonly StringBuilder _text = new();

    /// <summary>A paragraph for each kind that there is any of; each begins with an empty line.</summary>
    public string Print()
    {
        Section("gateways", schema.Gateways, PrintGateway);
        Section("middleware", schema.Middleware, PrintMiddleware);
        Section("cron jobs", schema.CronJobs, PrintJob);
        Section("secrets", schema.Secrets, secret => Line($"  {secret.Name}{Place(secret.Positions.FirstOrDefault())}"));
        Section("databases", schema.SqlDatabases, PrintDatabase);
        Section("topics", schema.Topics, PrintTopic);
        return _text.ToString();
    }

    private void Section<T>(string title, IReadOnlyCollection<T> resources, Action<T> print)
    {
        if (resources.Count == 0)
        {
            return;
        }

        Line("");
        Line(title);
        foreach (var resource in resources)
        {
            print(resource);
        }
    }

    private void PrintGateway(GatewaySchema gateway)
    {
        Line($"  {gateway.Name}{Place(gateway.Position)}");
        if (gateway.HasAuthHandler)
        {
            var handler = schema.AuthHandlers[(int)gateway.AuthHandler];
            var cached = handler.CacheSeconds > 0 ? string.Create(CultureInfo.InvariantCulture, $", kept for {handler.CacheSeconds} s") : "";
            var parameters = handler.HasParams ? types.Use(handler.Params) : "";
            Line($"    {handler.Name}({parameters}): {types.Use(handler.AuthData)} | null{cached}{Place(handler.Position)}");
        }
    }

    private void PrintMiddleware(MiddlewareSchema middleware) =>
        Line($"  {(middleware.Name.Length > 0 ? middleware.Name : "(unnamed)")}{TargetOf(middleware.Target)}{Place(middleware.Position)}");

    private static string TargetOf(MiddlewareTarget? target)
    {
        if (target is null)
        {
            return "";
        }

        var parts = new List<string>();
        AddFlag(parts, "expose", target.HasExpose, target.Expose);
        AddFlag(parts, "auth", target.HasAuth, target.Auth);
        AddFlag(parts, "isRaw", target.HasIsRaw, target.IsRaw);
        AddFlag(parts, "isStream", target.HasIsStream, target.IsStream);
        return $"  [{string.Join(", ", parts.Concat(target.Tags.Select(tag => "#" + tag)))}]";
    }

    private static void AddFlag(List<string> parts, string name, bool isSet, bool value)
    {
        if (isSet)
        {
            parts.Add($"{name} {(value ? "yes" : "no")}");
        }
    }

    private void PrintJob(CronJobSchema job)
    {
        var endpoint = schema.Endpoints[(int)job.Endpoint];
        var timing = job.TimingCase == CronJobSchema.TimingOneofCase.Schedule
            ? job.Schedule
            : string.Create(CultureInfo.InvariantCulture, $"every {job.EverySeconds} s");
        Line($"  {job.Name}: {timing} → {schema.Services[(int)endpoint.Service].Name}.{endpoint.Name}{Place(job.Position)}");
    }

    private void PrintDatabase(SqlDatabaseSchema database)
    {
        var layout = database.MigrationSource switch
        {
            MigrationSource.Drizzle => " (drizzle)",
            MigrationSource.DrizzleV1 => " (drizzle/v1)",
            MigrationSource.Prisma => " (prisma)",
            _ => "",
        };
        var migrations = database.Migrations.Length > 0 ? $": {database.Migrations}{layout}" : "";
        var statements = schema.SqlQueries.Count(query => ReferenceEquals(schema.SqlDatabases[(int)query.Database], database));
        Line(string.Create(CultureInfo.InvariantCulture, $"  {database.Name}{migrations}, {statements} known statements{Place(database.Position)}"));
    }

    private string Place(SourcePosition? position) =>
        position is null ? "" : string.Create(CultureInfo.InvariantCulture, $"  // {schema.Files[(int)position.File]}:{position.Line}:{position.Column}");

    private void Line(string line) => _text.Append(line).Append('\n');
}
