using Npgsql.Internal;
using Npgsql.Internal.Postgres;

// Justification: the driver's converters are its only way to a value's bytes that doesn't copy them. They are marked experimental; the
// driver's version is pinned, and this file is all that knows of them.
#pragma warning disable NPG9001

namespace Bridge.Postgres.Values;

/// <summary>A column's value as PostgreSQL's text.</summary>
/// <param name="Utf8">Bytes of the driver's own buffer: valid until the next row is read.</param>
internal readonly record struct RawText(ReadOnlyMemory<byte> Utf8);

/// <summary>Makes the driver give <see cref="RawText"/> for columns that are asked for in text format.</summary>
internal sealed class RawTextFactory : PgTypeInfoResolverFactory
{
    /// <inheritdoc/>
    public override IPgTypeInfoResolver CreateResolver() => new Resolver();

    /// <inheritdoc/>
    public override IPgTypeInfoResolver? CreateArrayResolver() => null;

    private sealed class Resolver : IPgTypeInfoResolver
    {
        public PgTypeInfo? GetTypeInfo(Type? type, DataTypeName? dataTypeName, PgSerializerOptions options) =>
            type == typeof(RawText) && dataTypeName is { } name ? new PgTypeInfo(options, new Converter(), name) : null;
    }

    private sealed class Converter : PgBufferedConverter<RawText>
    {
        public override bool CanConvert(DataFormat format, out BufferRequirements bufferRequirements) =>
            CanConvertBufferedDefault(format, out bufferRequirements);

        public override Size GetSize(SizeContext context, RawText value, ref object? writeState) => throw new NotSupportedException();

        protected override RawText ReadCore(PgReader reader) =>
            reader.TryReadBytes(reader.CurrentRemaining, out ReadOnlyMemory<byte> bytes)
                ? new RawText(bytes)
                : new RawText(reader.ReadBytes(reader.CurrentRemaining).First);

        protected override void WriteCore(PgWriter writer, RawText value) => throw new NotSupportedException();
    }
}
