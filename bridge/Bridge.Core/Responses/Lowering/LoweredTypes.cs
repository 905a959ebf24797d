using Bridge.Core.Decoding;
using Bridge.Core.Schema;

namespace Bridge.Core.Responses.Lowering;

/// <summary>
/// Which types under a response hold values that <c>JSON.stringify</c> can't carry, bytes, sets and maps, or not at its full speed: dates and
/// decimals, whose <c>toJSON</c> keeps it from the way that engines have for plain data.
/// </summary>
/// <remarks>Bigints write themselves by a <c>toJSON</c> that isn't worth a copy.</remarks>
internal sealed class LoweredTypes
{
    private readonly Application _application;
    private readonly HashSet<uint> _holding;

    public LoweredTypes(Application application, uint root)
    {
        _application = application;
        var reachable = ReachableFrom(root);
        _holding = [.. reachable.Where(id => IsLowered(TypeOf(id)))];

        // Types may refer to each other in circles: repeat until nothing new is found.
        for (var before = 0; before != _holding.Count;)
        {
            before = _holding.Count;
            _holding.UnionWith(reachable.Where(id => PartsOf(TypeOf(id)).Any(_holding.Contains)));
        }
    }

    /// <summary>The schema of a type.</summary>
    /// <exception cref="SchemaException">There is no such type.</exception>
    public TypeSchema TypeOf(uint id) => id < _application.Types_.Count
        ? _application.Types_[(int)id]
        : throw new SchemaException($"The schema refers to type {id}, which it doesn't hold.");

    /// <summary>Those of the types that hold something to lower, unions replaced by their options; sorted, each once.</summary>
    public uint[] Expand(IEnumerable<uint> types) =>
        [.. types.SelectMany(OptionsOf).Where(_holding.Contains).Distinct().Order()];

    private IEnumerable<uint> OptionsOf(uint id) => TypeOf(id).ShapeCase == TypeSchema.ShapeOneofCase.Union ? TypeOf(id).Union.Options : [id];

    private static bool IsLowered(TypeSchema type) =>
        type.ShapeCase is TypeSchema.ShapeOneofCase.Set or TypeSchema.ShapeOneofCase.Map
        || (type.ShapeCase == TypeSchema.ShapeOneofCase.Primitive && type.Primitive is Primitive.Bytes or Primitive.Date or Primitive.Decimal);

    private HashSet<uint> ReachableFrom(uint root)
    {
        var reachable = new HashSet<uint> { root };
        var open = new Stack<uint>(reachable);
        while (open.TryPop(out var id))
        {
            foreach (var part in PartsOf(TypeOf(id)).Where(reachable.Add))
            {
                open.Push(part);
            }
        }

        return reachable;
    }

    private static IEnumerable<uint> PartsOf(TypeSchema type) => type.ShapeCase switch
    {
        TypeSchema.ShapeOneofCase.Object => [.. type.Object.Fields.Select(field => field.Type), .. LoweredShapes.UndeclaredOf(type)],
        TypeSchema.ShapeOneofCase.Union => type.Union.Options,
        TypeSchema.ShapeOneofCase.Map => [type.Map.Key, type.Map.Value],
        TypeSchema.ShapeOneofCase.Record => LoweredShapes.UndeclaredOf(type),
        _ => LoweredShapes.ElementsOf(type),
    };
}
