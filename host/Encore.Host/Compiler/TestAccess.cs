using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Encore.Cli.Tests")]
