namespace Encore.Host.Cron;

/// <summary>Decides which replica of an application runs a job when it is due.</summary>
internal interface ICronLease
{
    /// <summary>Asks for one run.</summary>
    /// <param name="job">The job's name.</param>
    /// <param name="due">The time that it is due at: the same in all replicas.</param>
    /// <param name="cancellation">Cancelled when the host ends.</param>
    /// <returns>What is held while it runs; null where another replica runs it.</returns>
    ValueTask<IAsyncDisposable?> TryAcquireAsync(string job, DateTimeOffset due, CancellationToken cancellation);
}

/// <summary>The lease of an application with one replica: every run is its own.</summary>
internal sealed class LocalCronLease : ICronLease
{
    /// <inheritdoc/>
    public ValueTask<IAsyncDisposable?> TryAcquireAsync(string job, DateTimeOffset due, CancellationToken cancellation) => new(new Held());

    private sealed class Held : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
