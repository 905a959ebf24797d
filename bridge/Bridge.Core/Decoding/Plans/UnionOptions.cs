using Bridge.Core.Decoding.Nodes;
using Bridge.Core.Schema;

namespace Bridge.Core.Decoding.Plans;

/// <summary>The options of a union as they are tried, and what tells them apart.</summary>
internal sealed class UnionOptions
{
    private UnionOptions(List<UnionOption> all) => All = all;

    /// <summary>The options, in declaration order; neighbouring string literals are one.</summary>
    public IReadOnlyList<UnionOption> All { get; }

    /// <summary>The strings of a union of nothing else; null for all others.</summary>
    public IReadOnlyList<string>? OnlyTexts => All is [{ Texts: { } texts }] ? texts : null;

    /// <summary>What messages call each option: the name of its type, else its number.</summary>
    public string[] Names { get; private set; } = [];

    /// <summary>Sorts out a union's options.</summary>
    /// <exception cref="SchemaException">It has none, or one that is a union.</exception>
    public static UnionOptions Of(TypeSchema union, Func<uint, TypeSchema> typeOf)
    {
        var options = union.Union.Options.Select(option => (Id: option, Type: typeOf(option))).ToList();
        if (options.Count == 0 || options.Exists(option => option.Type.ShapeCase == TypeSchema.ShapeOneofCase.Union))
        {
            throw new SchemaException($"Type {union.Name} is a union with {(options.Count == 0 ? "no option" : "a union among its options")}.");
        }

        var all = new List<UnionOption>();
        for (var i = 0; i < options.Count; i++)
        {
            var texts = options.Skip(i).TakeWhile(option => IsPlainText(option.Type)).Select(option => option.Type.Literal.Text).ToList();
            all.Add(new UnionOption(options[i].Id, options[i].Type, texts.Count > 0 ? texts : null));
            i += Math.Max(texts.Count - 1, 0);
        }

        return new UnionOptions(all) { Names = [.. all.Select((option, index) => NameOf(option, index))] };
    }

    /// <summary>
    /// Finds the field that tells the objects among the options apart: required in all, a literal or a union of literals, none in two of them.
    /// </summary>
    /// <returns>Null where there is no such field, or an option that isn't an object with fields takes objects too.</returns>
    public UnionTags? FindTags(Func<uint, TypeSchema> typeOf)
    {
        var objects = All.Select((option, index) => (option.Type, Index: index)).Where(option => TakesObjects(option.Type)).ToList();
        if (objects.Count < 2 || objects.Exists(option => option.Type.ShapeCase != TypeSchema.ShapeOneofCase.Object))
        {
            return null;
        }

        foreach (var name in objects[0].Type.Object.Fields.Select(field => field.Name))
        {
            var values = objects.SelectMany(option => LiteralsOf(option.Type.Object, name, typeOf), (option, value) => (Value: value, option.Index)).ToList();
            var haveAll = objects.TrueForAll(option => values.Exists(value => value.Index == option.Index));
            if (haveAll && values.DistinctBy(pair => UnionTags.TextOf(pair.Value)).Count() == values.Count)
            {
                NameBranches(name, values);
                return new UnionTags(name, values);
            }
        }

        return null;
    }

    private static bool IsPlainText(TypeSchema type) =>
        type.Rule is null && type.ShapeCase == TypeSchema.ShapeOneofCase.Literal && type.Literal.ValueCase == Literal.ValueOneofCase.Text;

    private static bool TakesObjects(TypeSchema type) => type.ShapeCase is TypeSchema.ShapeOneofCase.Object or TypeSchema.ShapeOneofCase.Record
        || (type.ShapeCase == TypeSchema.ShapeOneofCase.Primitive && type.Primitive == Primitive.Any);

    private static string NameOf(UnionOption option, int index) =>
        option.Type.Name.Length > 0 ? option.Type.Name : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"option {index + 1}");

    // Several literals of one option appear once each; a type that says the same twice isn't told apart by it.
    private static List<Literal?> LiteralsOf(ObjectShape shape, string name, Func<uint, TypeSchema> typeOf)
    {
        var field = shape.Fields.FirstOrDefault(field => field.Name == name);
        if (field is null || field.Optional || field.HasDefaultJson)
        {
            return [];
        }

        var type = typeOf(field.Type);
        var options = type.ShapeCase == TypeSchema.ShapeOneofCase.Union ? type.Union.Options.Select(typeOf).ToList() : [type];
        var literals = new List<Literal?>();
        foreach (var option in options)
        {
            switch (option.ShapeCase)
            {
                case TypeSchema.ShapeOneofCase.Literal: literals.Add(option.Literal); break;
                case TypeSchema.ShapeOneofCase.Primitive when option.Primitive == Primitive.Null: literals.Add(null); break;
                case TypeSchema.ShapeOneofCase.Primitive when option.Primitive == Primitive.Boolean:
                    literals.AddRange([new Literal { Boolean = true }, new Literal { Boolean = false }]);
                    break;
                default: return [];
            }
        }

        return literals.DistinctBy(UnionTags.TextOf).ToList();
    }

    private void NameBranches(string tag, List<(Literal? Value, int Index)> values)
    {
        foreach (var branch in values.GroupBy(pair => pair.Index))
        {
            var literals = Expectation.AnyOf([.. branch.Select(pair => UnionTags.TextOf(pair.Value))]);
            var type = All[branch.Key].Type.Name;
            Names[branch.Key] = type.Length > 0 ? $"{type}: {tag} {literals}" : $"{tag} {literals}";
        }
    }
}

/// <summary>An option of a union.</summary>
/// <param name="Id">Its type's id; of several string literals the first's.</param>
/// <param name="Type">Its type.</param>
/// <param name="Texts">The strings that it consists of; null where it is anything else.</param>
internal sealed record UnionOption(uint Id, TypeSchema Type, IReadOnlyList<string>? Texts);
