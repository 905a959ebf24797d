using System.Globalization;
using Bridge.Core.Schema;

namespace Bridge.Core.Responses.Checking;

/// <summary>What a response type says of a place in an answer.</summary>
/// <param name="Types">The types that a value may be of there, unions replaced by their options; empty where nothing is declared.</param>
/// <param name="Position">The nearest declaration on the way; null where none is in the application's sources.</param>
internal sealed record DeclaredMember(IReadOnlyList<TypeSchema> Types, SourcePosition? Position)
{
    /// <summary>Follows a JSON pointer through a type.</summary>
    public static DeclaredMember Find(Application application, uint root, string pointer)
    {
        var start = application.Types_[(int)root];
        var places = OptionsOf(application, root).Select(type => new Place(type, IsEntry: false)).ToList();
        var position = start.Position ?? places.Select(place => place.Type.Position).FirstOrDefault(found => found is not null);
        foreach (var step in pointer.Split('/').Skip(1).Select(Unescape))
        {
            var next = new List<Place>();
            foreach (var place in places)
            {
                Step(application, place, step, next, ref position);
            }

            places = next;
        }

        return new DeclaredMember([.. places.Where(place => !place.IsEntry).Select(place => place.Type)], position);
    }

    private static void Step(Application application, Place place, string step, List<Place> next, ref SourcePosition? position)
    {
        var type = place.Type;
        if (type.ShapeCase == TypeSchema.ShapeOneofCase.Map)
        {
            next.AddRange(place.IsEntry
                ? OptionsOf(application, step == "0" ? type.Map.Key : type.Map.Value).Select(option => new Place(option, IsEntry: false))
                : [new Place(type, IsEntry: true)]);
            return;
        }

        if (type.ShapeCase == TypeSchema.ShapeOneofCase.Object && type.Object.Fields.FirstOrDefault(field => field.Name == step) is { } declared)
        {
            position = declared.Position ?? position;
            next.AddRange(OptionsOf(application, declared.Type).Select(option => new Place(option, IsEntry: false)));
            return;
        }

        next.AddRange(PartsOf(type, step).SelectMany(part => OptionsOf(application, part)).Select(option => new Place(option, IsEntry: false)));
    }

    private static IEnumerable<uint> PartsOf(TypeSchema type, string step) => type.ShapeCase switch
    {
        TypeSchema.ShapeOneofCase.Tuple => ElementOf(type.Tuple, step),
        TypeSchema.ShapeOneofCase.Object or TypeSchema.ShapeOneofCase.Record => Lowering.LoweredShapes.UndeclaredOf(type),
        _ => Lowering.LoweredShapes.ElementsOf(type),
    };

    // Where the trailing elements begin depends on the value: past the first ones, it is the rest or one of those.
    private static IEnumerable<uint> ElementOf(TupleShape tuple, string step) =>
        int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < tuple.Elements.Count
            ? [tuple.Elements[index].Type]
            : [.. tuple.HasRest ? [tuple.Rest] : Array.Empty<uint>(), .. tuple.Trailing.Select(element => element.Type)];

    private static IEnumerable<TypeSchema> OptionsOf(Application application, uint id)
    {
        var type = application.Types_[(int)id];
        return type.ShapeCase == TypeSchema.ShapeOneofCase.Union ? type.Union.Options.Select(option => application.Types_[(int)option]) : [type];
    }

    private static string Unescape(string step) =>
        step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);

    /// <summary>A type on the way; of a map, either itself or one of its entries.</summary>
    private readonly record struct Place(TypeSchema Type, bool IsEntry);
}
