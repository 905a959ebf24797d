using System.Xml.Linq;

namespace Architecture.Tests;

/// <summary>What a project file refers to.</summary>
/// <param name="Path">Relative to the repository's root.</param>
/// <param name="Projects">Names of the projects it builds on.</param>
/// <param name="Packages">Names of the packages it names itself.</param>
internal sealed record ProjectFile(string Path, IReadOnlyList<string> Projects, IReadOnlyList<string> Packages)
{
    /// <summary>The project's name.</summary>
    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    /// <summary>Every project of the repository.</summary>
    public static IReadOnlyList<ProjectFile> All { get; } = [.. Repository.Files(".csproj").Select(Load)];

    /// <summary>The projects that make the product.</summary>
    public static IEnumerable<ProjectFile> OfTheProduct =>
        All.Where(project => project.Path.StartsWith("bridge/", StringComparison.Ordinal) || project.Path.StartsWith("host/", StringComparison.Ordinal));

    private static ProjectFile Load(string path)
    {
        var items = XDocument.Parse(Repository.Read(path)).Descendants().ToList();
        return new ProjectFile(
            path,
            [.. Includes(items, "ProjectReference").Select(include => System.IO.Path.GetFileNameWithoutExtension(include.Replace('\\', '/')))],
            [.. Includes(items, "PackageReference")]);
    }

    private static IEnumerable<string> Includes(List<XElement> items, string kind) =>
        items.Where(item => item.Name.LocalName == kind).Select(item => item.Attribute("Include")?.Value).OfType<string>();
}
