using Bridge.Core.Schema;
using Encore.Host.Diagnostics;

namespace Encore.Host.SqlCheck;

/// <summary>
/// Finds the place in a source file of a place in a statement's text. The text is what the template's pieces say, escapes resolved, with $1, $2, …
/// between them.
/// </summary>
/// <param name="schema">The application.</param>
/// <param name="root">Its folder.</param>
internal sealed class TemplatePlaces(Application schema, string root)
{
    private readonly Dictionary<uint, string> _texts = [];

    /// <summary>Where a statement's template begins.</summary>
    public SourceSpan Of(SqlQuerySchema query) => Point(query.Position);

    /// <summary>Where what is inserted as a parameter is written.</summary>
    /// <param name="query">The statement.</param>
    /// <param name="parameter">From 0.</param>
    public SourceSpan OfInserted(SqlQuerySchema query, int parameter) => Point(query.Inserted[parameter].Position);

    /// <summary>Where a place of the text is written.</summary>
    /// <param name="query">The statement.</param>
    /// <param name="position">Counted from 1; 0 for the template as a whole.</param>
    public SourceSpan OfText(SqlQuerySchema query, int position)
    {
        var left = position - 1;
        if (left < 0)
        {
            return Of(query);
        }

        for (var part = 0; part < query.Parts.Count; part++)
        {
            var reader = new TemplateReader(TextOf(query.Parts[part].File), query.Parts[part]);
            if (reader.Skip(left) is { } place)
            {
                return new SourceSpan(FileOf(query.Parts[part]), place.Line, place.Column, place.Line, place.Column);
            }

            left -= reader.Length;
            var parameter = FormattableString.Invariant($"${part + 1}").Length;
            if (left < parameter && part < query.Inserted.Count)
            {
                return OfInserted(query, part);
            }

            left -= parameter;
        }

        return Of(query);
    }

    private SourceSpan Point(SourcePosition position) =>
        new(FileOf(position), (int)position.Line, (int)position.Column, (int)position.Line, (int)position.Column);

    private string FileOf(SourcePosition position) => schema.Files[(int)position.File];

    private string TextOf(uint file)
    {
        if (!_texts.TryGetValue(file, out var text))
        {
            text = File.ReadAllText(Path.Combine(root, schema.Files[(int)file]));
            _texts.Add(file, text);
        }

        return text;
    }
}
