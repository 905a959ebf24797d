using System.Collections.Concurrent;
using System.Text.Json;
using Bridge.Core.Scripting;
using Bridge.V8;
using Encore.Host.Compiler;
using Encore.Host.Compiler.Extraction;

namespace Encore.Host.Tests.Probes;

/// <summary>
/// The program's own compiler, one session for all cases: between two of them, the application's folder has other content and the language's
/// library is as it was.
/// </summary>
public sealed class CaseCompiler : IDisposable
{
    private const int StackBytes = 16 * 1024 * 1024;
    private const int Protocol = 1;

    private readonly Dictionary<string, Work> _work = ProbedCase.All.Values.ToDictionary(one => one.Name, one => new Work(one), StringComparer.Ordinal);

    // A test's own case goes first; while its host is busy, the compiler goes on with the others.
    private readonly BlockingCollection<Work> _wanted = [];
    private readonly Queue<Work> _ahead = new(ProbedCase.All.Count);
    private readonly HostFiles _files = HostFiles.Locate().Verified();
    private readonly CaseFiles _disk = new();
    private readonly Thread _thread;

    public CaseCompiler()
    {
        foreach (var work in _work.Values)
        {
            _ahead.Enqueue(work);
        }

        _thread = new Thread(Run, StackBytes) { Name = "compiler", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Extracts and bundles a case.</summary>
    internal async Task<(CompiledCase Compiled, string Bundle)> BuildAsync(ProbedCase one)
    {
        var work = _work[one.Name];
        _wanted.Add(work);
        var compiled = await work.Result.Task;
        using var bundler = new Bundler(one.Folder, SdkModules.Load(_files.SdkFolder));
        var bundle = await bundler.BundleAsync(compiled.Modules, CancellationToken.None);
        Assert.True(bundle.Code.Length > 0, string.Join('\n', bundle.Diagnostics.Select(item => item.Message)));
        return (compiled, System.Text.Encoding.UTF8.GetString(bundle.Code));
    }

    public void Dispose()
    {
        _wanted.CompleteAdding();
        _thread.Join();
        _wanted.Dispose();
    }

    private void Run()
    {
        using var engine = new V8EngineFactory().Create(new ScriptEngineOptions("compiler"));
        engine.DefineHost("__compiler", _disk.Functions);
        engine.Execute(new ScriptSource("extractor.js", File.ReadAllText(_files.ExtractorScript), CompilerCache.PathFor(_files.ExtractorScript)));
        using var open = engine.GetFunction("request => extractor.open(request)");
        using var check = engine.GetFunction("(session, changes) => extractor.check(session, changes)");
        var sessions = new Dictionary<string, ScriptValue>(StringComparer.Ordinal);
        while (!_wanted.IsAddingCompleted)
        {
            if (!_wanted.TryTake(out var work) && !_ahead.TryDequeue(out work))
            {
                work = _wanted.GetConsumingEnumerable().FirstOrDefault();
            }

            if (work is null || work.Result.Task.IsCompleted)
            {
                continue;
            }

            try
            {
                work.Result.SetResult(Compile(work.Case, open, check, sessions));
            }
            catch (Exception error)
            {
                // Justification: the root of a background thread; whoever awaits the task gets the exception.
                work.Result.SetException(error);
            }
        }
    }

    private CompiledCase Compile(ProbedCase one, IScriptFunction open, IScriptFunction check, Dictionary<string, ScriptValue> sessions)
    {
        _disk.Mount(one);
        if (!sessions.TryGetValue(one.Entry ?? "", out var session))
        {
            var entry = one.Entry is null ? null : $"{CaseFiles.Root}/{one.Entry}";
            var request = new ExtractRequest(Protocol, CaseFiles.Root, entry, _files.SdkFolder, _files.LibraryFolder, "probes", CaseSensitive: true);
            session = open.Invoke(ScriptValue.From(JsonSerializer.Serialize(request, ExtractorJson.Default.ExtractRequest)));
            sessions.Add(one.Entry ?? "", session);
        }

        var answer = check.Invoke(session, ScriptValue.From($"[\"{CaseFiles.Root}\"]")).AsText();
        var result = JsonSerializer.Deserialize(answer, ExtractorJson.Default.CheckResult)!;
        return new CompiledCase(
            result.Artifact is null ? null : Bridge.Core.Schema.Application.Parser.ParseFrom(Convert.FromBase64String(result.Artifact)),
            result.Modules,
            [.. result.Diagnostics.Select(item => item.Message)]);
    }

    private sealed record Work(ProbedCase Case)
    {
        public TaskCompletionSource<CompiledCase> Result { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

/// <summary>What the compiler made of a case.</summary>
/// <param name="Schema">The artifact; null where there are errors.</param>
/// <param name="Modules">The modules that declare resources.</param>
/// <param name="Messages">What the compiler had to say.</param>
internal sealed record CompiledCase(Bridge.Core.Schema.Application? Schema, IReadOnlyList<string> Modules, IReadOnlyList<string> Messages);
