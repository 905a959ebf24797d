using Bridge.Core.Decoding;
using Bridge.Core.JsonSchemas;
using Bridge.Core.Schema;

namespace Bridge.Differential.Tests;

/// <summary>
/// What JSON Schema can't say (<see cref="JsonSchemaWriter"/>): there a plan may refuse what a validator takes, and never the other way.
/// </summary>
internal sealed class BeyondSchema(Application application)
{
    private readonly bool _hasMaps = application.Types_.Any(type => type.ShapeCase == TypeSchema.ShapeOneofCase.Map);
    private readonly bool _hasTrailing = application.Types_.Any(type => type.Tuple is { HasRest: true, Trailing.Count: > 0 });
    private readonly bool _hasRuledDecimals = application.Types_.Any(type => type is { Primitive: Primitive.Decimal, Rule: not null });

    /// <summary>Whether a refusal is one that the schema has no words for.</summary>
    public bool Explains(DecodeFailure failure) =>
        _hasTrailing
        || failure.Violations.Any(violation =>
            (_hasMaps && violation.Message.Contains("duplicate key", StringComparison.Ordinal))
            || (_hasRuledDecimals && violation is { Got: ['"', ..], Rule: "min" or "max" or "exclusiveMin" or "exclusiveMax" or "multipleOf" }));
}
