using System.Text.Json;
using Bridge.Core.Scripting;
using Bridge.V8;

namespace Encore.Host.Compiler.Extraction;

/// <summary>Runs TypeScript's checker and the extractor in a V8 of their own.</summary>
internal static class SchemaExtractor
{
    private const int Protocol = 1;

    // The checker recurses deeply on generated and generic types; Node gives its main thread 8 MiB on Linux.
    private const int StackBytes = 16 * 1024 * 1024;

    /// <summary>Checks an application and extracts its schema; the engine's memory is free again afterwards.</summary>
    /// <param name="files">Where the compiler lies.</param>
    /// <param name="source">What to check.</param>
    /// <returns>The result, and the paths the compiler looked for in vain.</returns>
    /// <exception cref="HostFilesException">V8 or the compiler's script isn't usable.</exception>
    public static Task<(CheckResult Result, IReadOnlyCollection<string> Missing)> RunAsync(HostFiles files, ApplicationSource source)
    {
        var completion = new TaskCompletionSource<(CheckResult, IReadOnlyCollection<string>)>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() => Complete(completion, files, source), StackBytes) { Name = "compiler", IsBackground = true };
        thread.Start();
        return completion.Task;
    }

    private static void Complete(
        TaskCompletionSource<(CheckResult, IReadOnlyCollection<string>)> completion,
        HostFiles files,
        ApplicationSource source)
    {
        try
        {
            completion.SetResult(Run(files, source));
        }
        catch (DllNotFoundException error)
        {
            completion.SetException(new HostFilesException("V8 doesn't load on this machine, and the compiler needs it.", error.Message, error));
        }
        catch (Exception error)
        {
            // Justification: the root of a background thread; whoever awaits the task gets the exception.
            completion.SetException(error);
        }
    }

    private static (CheckResult Result, IReadOnlyCollection<string> Missing) Run(HostFiles files, ApplicationSource source)
    {
        var disk = new CompilerFileSystem([files.LibraryFolder, files.SdkFolder]);
        using var engine = new V8EngineFactory().Create(new ScriptEngineOptions("compiler"));
        engine.DefineHost("__compiler", disk.Functions);
        engine.Execute(new ScriptSource("extractor.js", File.ReadAllText(files.ExtractorScript), CompilerCache.PathFor(files.ExtractorScript)));
        using var extract = engine.GetFunction("request => extractor.run(request)");
        var request = new ExtractRequest(
            Protocol,
            source.Root,
            source.Entry,
            files.SdkFolder,
            files.LibraryFolder,
            HostVersion.Generator,
            CaseSensitive: OperatingSystem.IsLinux());
        var answer = extract.Invoke(ScriptValue.From(JsonSerializer.Serialize(request, ExtractorJson.Default.ExtractRequest))).AsText();
        var result = JsonSerializer.Deserialize(answer, ExtractorJson.Default.CheckResult)
            ?? throw new InvalidDataException("The compiler answered nothing.");
        return (result, disk.Missing);
    }
}
