using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Encore.Host.Tests")]
