using System.Text.Json;
using System.Xml.Linq;

namespace Architecture.Tests;

/// <summary>Every dependency is pinned to one version and has its reason in docs/dependencies.md.</summary>
public sealed class DependencyTests
{
    private static readonly string[] Sections = ["dependencies", "devDependencies", "optionalDependencies"];

    [Fact]
    public void EveryNuGetPackage_HasItsReason() => AssertDocumented(NuGetPackages().Select(package => package.Name));

    [Fact]
    public void EveryNpmPackage_HasItsReason() => AssertDocumented(NpmPackages().Select(package => package.Name));

    [Fact]
    public void EveryDependency_IsPinned()
    {
        var floating = NuGetPackages().Concat(NpmPackages())
            .Where(package => !package.Version.StartsWith("file:", StringComparison.Ordinal) && package.Version.Any("*^~<>[(".Contains))
            .Select(package => $"{package.Name} {package.Version}");

        Assert.Empty(floating);
    }

    [Fact]
    public void EveryReason_IsForADependencyInUse()
    {
        var known = NuGetPackages().Concat(NpmPackages()).Select(package => package.Name).ToHashSet(StringComparer.Ordinal);

        Assert.Equal([], DocumentedNames().Except(known));
    }

    private static void AssertDocumented(IEnumerable<string> names) => Assert.Equal([], names.Except(DocumentedNames()));

    // A line of a table that starts with one or more names: | `a`, `b` | …
    private static IEnumerable<string> DocumentedNames() =>
        Repository.Read("docs/dependencies.md").Split('\n')
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .SelectMany(line => line.Split('|')[1].Split('`').Where((_, index) => index % 2 == 1));

    private static IEnumerable<(string Name, string Version)> NuGetPackages() =>
        XDocument.Parse(Repository.Read("Directory.Packages.props")).Descendants("PackageVersion")
            .Select(package => (package.Attribute("Include")!.Value, package.Attribute("Version")!.Value));

    private static IEnumerable<(string Name, string Version)> NpmPackages() =>
        Repository.Files(".json").Where(file => Path.GetFileName(file) == "package.json" && !file.Contains("testdata", StringComparison.Ordinal))
            .SelectMany(ReadManifest)
            .Distinct();

    private static List<(string Name, string Version)> ReadManifest(string file)
    {
        using var manifest = JsonDocument.Parse(Repository.Read(file));
        return
        [
            .. Sections
                .Where(section => manifest.RootElement.TryGetProperty(section, out _))
                .SelectMany(section => manifest.RootElement.GetProperty(section).EnumerateObject())
                .Select(dependency => (dependency.Name, dependency.Value.GetString()!)),
        ];
    }
}
