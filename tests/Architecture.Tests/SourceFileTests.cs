namespace Architecture.Tests;

/// <summary>Sources stay of a size that can be read in one sitting.</summary>
public sealed class SourceFileTests
{
    private const int MaxLines = 400;

    [Fact]
    public void SourceFiles_AreNoLongerThan_TheHouseStyleAllows()
    {
        var tooLong = Repository.Files(".cs", ".ts", ".mjs", ".proto")
            .Select(file => (File: file, Lines: File.ReadLines(Path.Combine(Repository.Root, file)).Count()))
            .Where(source => source.Lines > MaxLines)
            .Select(source => $"{source.File}: {source.Lines} lines");

        Assert.Empty(tooLong);
    }

    [Theory]
    [InlineData("Common")]
    [InlineData("Helpers")]
    [InlineData("Utils")]
    [InlineData("Manager")]
    public void Files_AreNamedFor_WhatTheyHold(string name) =>
        Assert.DoesNotContain(
            Repository.Files(".cs", ".ts", ".mjs"),
            file => file.Split('/').Any(part => Path.GetFileNameWithoutExtension(part).EndsWith(name, StringComparison.OrdinalIgnoreCase)));
}
