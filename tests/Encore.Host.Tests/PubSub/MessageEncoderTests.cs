using System.Text;
using Bridge.Core.PubSub;
using Encore.Host.PubSub;
using Encore.Host.Tests.Http;
using static Encore.Host.Tests.Http.TestSchema;

namespace Encore.Host.Tests.PubSub;

/// <summary>What becomes of a message on its way to a broker.</summary>
public sealed class MessageEncoderTests
{
    private const string Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    [Fact]
    public void Encode_Message_RepeatsAttributesAsTextAndDropsWhatIsUndeclared()
    {
        var message = Encode("""{"cart":7,"paid":true,"name":"å\"x","extra":1}""", out var failure);

        Assert.Null(failure);
        Assert.Equal("""{"cart":7,"paid":true,"name":"å\"x"}""", Encoding.UTF8.GetString(message!.Body.Span));
        Assert.Equal([("cart-id", "7"), ("paid", "true"), ("title", "å\"x")], message.Attributes.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => (pair.Key, pair.Value)));
        Assert.Equal("7", message.OrderingKey);
        Assert.Null(message.DeliverAt);
    }

    [Fact]
    public void Encode_MissingOptionalAttribute_IsNoAttribute()
    {
        var message = Encode("""{"cart":7,"paid":false}""", out _);

        Assert.Equal(["cart-id", "paid"], message!.Attributes.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Encode_WithTrace_CarriesIt()
    {
        var message = Encode("""{"cart":7,"paid":false}""", out _, Trace);

        Assert.Equal(Trace, message!.Attributes["traceparent"]);
        Assert.Equal("7", message.OrderingKey);
    }

    [Theory]
    [InlineData("""{"cart":"seven","name":5}""", "/cart: invalid type: string \"seven\", expected a number; /name: invalid type: integer `5`, expected a string; /paid: missing field paid")]
    [InlineData("null", "/cart: missing field cart; /paid: missing field paid")]
    [InlineData("[]", "it isn't an object")]
    public void Encode_AnotherType_IsRefusedWithEveryViolation(string json, string expected)
    {
        var message = Encode(json, out var failure);

        Assert.Null(message);
        Assert.Equal(expected, failure);
    }

    private static OutgoingMessage? Encode(string json, out string? failure, string? trace = null)
    {
        var schema = new TestSchema();
        var type = schema.Object(Required("cart", schema.Number), Required("paid", schema.Of(Bridge.Core.Schema.Primitive.Boolean)), Optional("name", schema.Text));
        var attributes = new Dictionary<string, string>(StringComparer.Ordinal) { ["cart"] = "cart-id", ["paid"] = "paid", ["name"] = "title" };
        return new MessageEncoder(schema.Build(), type, attributes, "cart-id").Encode(Encoding.UTF8.GetBytes(json), trace, deliverAt: null, out failure);
    }
}
