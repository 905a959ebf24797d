using Bridge.Core.Schema;

namespace Encore.Host.Cron;

/// <summary>A job as the host runs it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Endpoint">The id of the endpoint that it calls.</param>
/// <param name="Target">That endpoint's name: <c>service.endpoint</c>.</param>
/// <param name="Timing">When it is due.</param>
internal sealed record CronJob(string Name, int Endpoint, string Target, CronTiming Timing)
{
    /// <summary>The jobs of an application.</summary>
    /// <param name="application">The application.</param>
    /// <param name="runsHere">Whether this process runs an endpoint; jobs of others are left out.</param>
    /// <param name="problems">Receives a line for each job that can't be run.</param>
    public static IReadOnlyList<CronJob> Of(Application application, Func<EndpointSchema, bool> runsHere, ICollection<string> problems)
    {
        var jobs = new List<CronJob>();
        foreach (var job in application.CronJobs)
        {
            var endpoint = application.Endpoints[(int)job.Endpoint];
            if (!runsHere(endpoint))
            {
                continue;
            }

            if (CronTiming.TryRead(job, out var problem) is { } timing)
            {
                var target = $"{application.Services[(int)endpoint.Service].Name}.{endpoint.Name}";
                jobs.Add(new CronJob(job.Name, (int)job.Endpoint, target, timing));
            }
            else
            {
                problems.Add($"cron job {job.Name}: {problem}");
            }
        }

        return jobs;
    }
}
