using Encore.Host.Diagnostics;

namespace Encore.Host.Compiler;

/// <summary>What bundling gave.</summary>
/// <param name="Code">The ES module; empty where there are errors.</param>
/// <param name="SourceMap">Its source map; empty where there are errors.</param>
/// <param name="Inputs">Absolute paths of the files that went into it, without the SDK's.</param>
/// <param name="Diagnostics">What the bundler had to say.</param>
public sealed record Bundle(byte[] Code, byte[] SourceMap, IReadOnlyList<string> Inputs, IReadOnlyList<Diagnostic> Diagnostics);
