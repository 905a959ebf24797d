using BenchmarkDotNet.Running;

namespace Bridge.Bench;

/// <summary><c>dotnet run -c Release -- --filter '*Decode*'</c>; without arguments it asks which to run.</summary>
internal static class Program
{
    private static void Main(string[] arguments) => BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(arguments);
}
