using System.Text.Json;
using Bridge.Core.Decoding;
using Bridge.Core.Isolates;
using Bridge.Core.Operations;
using Bridge.Core.Responses;
using Bridge.Core.Scripting;
using Bridge.Core.Tests;
using Bridge.Jint;
using Bridge.V8;
using Xunit;
using static Bridge.Core.Tests.SchemaBuilder;

namespace Bridge.Engine.Tests.Isolates;

public sealed class V8IsolateMessagesTests() : IsolateMessagesContract(new V8EngineFactory())
{
    [Fact]
    public async Task Subscription_AfterAnAwait_IsStillItsMessages()
    {
        await using var isolate = await StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 100).Select(id => isolate.CallAsync(Message("says", $"m{id}", "{\"text\":\"x\"}"))));
        var lines = isolate.Log.Where(line => line.Message == "later").Select(line => JsonDocument.Parse(line.Fields).RootElement).ToList();
        Assert.Equal(100, lines.Count);
        Assert.All(lines, fields => Assert.Equal(fields.GetProperty("seen").GetString(), fields.GetProperty("message_id").GetString()));
        Assert.Equal(100, lines.Select(fields => fields.GetProperty("message_id").GetString()).Distinct().Count());
    }
}

public sealed class JintIsolateMessagesTests() : IsolateMessagesContract(new JintEngineFactory());

/// <summary>Messages that scripts publish, and messages that they handle.</summary>
public abstract class IsolateMessagesContract(IScriptEngineFactory factory)
{
    private const string Module =
        """
        class Decimal { constructor(text) { this.text = text } toJSON() { return this.text } }
        runtime.useDecimal(Decimal);
        const made = (name, handler) => runtime.subscribe("events", name, handler);
        globalThis.publish = (topic, message, deliverAt, within) => new Promise((complete, fail) => runtime.publish(topic, message, { complete, fail }, deliverAt, within));
        made("keeps", (message) => say(JSON.stringify(message)));
        made("answers", (message) => ({ answer: 42 }));
        made("answersLater", async (message) => ({ answer: 42 }));
        made("answersOddly", () => ({ then: (done) => done({ answer: 42 }) }));
        made("shows", () => say(JSON.stringify(runtime.currentRequest())));
        made("says", async () => { await null; runtime.log(1, "later", { seen: runtime.currentRequest()?.messageId, service: "forged" }) });
        made("logs", () => runtime.log(1, "now", { topic: "forged", own: 1 }));
        made("throws", () => { throw new TypeError("at once") });
        made("throwsLater", async () => { await null; throw Object.assign(new Error("later"), { code: "unavailable", [Symbol.for("encore-host.api-error")]: true }) });
        made("calls", async (message) => { say(JSON.stringify(await runtime.callService("test", "echo", { text: message.text }))) });
        made("republishes", async (message) => { await publish("events", message) });
        runtime.subscribe("typed", "types", ({ at, big, price, bytes, tags }) =>
          say([at instanceof Date && at.getTime(), typeof big, price instanceof Decimal && price.text, bytes instanceof Uint8Array && [...bytes].join(), tags instanceof Set && tags.size].join(" ")));
        runtime.subscribe("typed", "passesOn", (message) => publish("typed", message));
        """;

    private static readonly Dictionary<string, string> Handlers = new()
    {
        ["echo"] = "(request) => ({ got: request.text, of: runtime.currentRequest().api.endpoint })",
        ["publish"] = "(request) => publish('events', request)",
        ["publishTyped"] =
            """
            () => publish('typed', {
              at: new Date(0), big: 12345678901234567890n, price: new Decimal('1.50'), bytes: new Uint8Array([1, 2, 255]), tags: new Set(['a', 'b']), none: undefined,
            })
            """,
        ["publishLater"] = "() => publish('events', { text: 'x' }, '2030-01-02T03:04:05.678Z')",
        ["publishWithin"] =
            """
            async () => {
              let places = 5;
              const within = { session: 3, next: () => places++ };
              const circle = {}; circle.circle = circle;
              let failed = 0;
              try { await publish('events', circle, undefined, within) } catch { failed = 1 }
              await publish('events', { text: 'a' }, undefined, within);
              await publish('events', { text: 'b' }, undefined, within);
              return [failed, places];
            }
            """,
        ["publishNowhere"] = "() => publish('nowhere', {})",
    };

    private static readonly string[] Subscriptions =
    [
        "events/keeps", "events/answers", "events/answersLater", "events/answersOddly", "events/shows", "events/says", "events/logs", "events/throws",
        "events/throwsLater", "events/calls", "events/republishes", "typed/types", "typed/passesOn",
    ];

    private readonly List<string> _published = [];

    [Theory]
    [InlineData("""{"text":"ä","n":[1,null]}""")]
    [InlineData("{}")]
    [InlineData("null")]
    public async Task Publish_AMessage_ReachesTheHostAndGivesItsId(string message)
    {
        await using var isolate = await StartAsync();
        Assert.Equal(new Answer(AnswerKind.Value, "\"id-1\""), await isolate.CallAsync("publish", message));
        var payload = JsonDocument.Parse(Assert.Single(_published)).RootElement;
        Assert.Equal(4, payload.GetArrayLength());
        Assert.Equal("events", payload[0].GetString());
        Assert.Equal(message, payload[1].GetRawText());
        Assert.Equal(JsonValueKind.String, payload[2].ValueKind);
        Assert.Equal(JsonValueKind.Null, payload[3].ValueKind);
    }

    [Fact]
    public async Task Publish_FromACall_BringsItsTrace()
    {
        await using var isolate = await StartAsync();
        var call = new HandlerRequest { Endpoint = isolate.Endpoint("publish"), Payload = TestIsolate.Payload("{}"), Trace = new CallTrace(0x8448eb211c80319c, 0xb7ad6b7169203331) };
        await isolate.CallAsync(call);
        Assert.Equal(
            "00-00000000000000008448eb211c80319c-b7ad6b7169203331-01",
            JsonDocument.Parse(Assert.Single(_published)).RootElement[2].GetString());
    }

    [Fact]
    public async Task Publish_TypesThatJsonHasNot_AreLowered()
    {
        await using var isolate = await StartAsync();
        Assert.Equal(AnswerKind.Value, (await isolate.CallAsync("publishTyped")).Kind);
        Assert.Equal(
            """{"at":"1970-01-01T00:00:00.000Z","big":"12345678901234567890","price":"1.50","bytes":"AQL/","tags":["a","b"]}""",
            MessageOf(Assert.Single(_published)));
    }

    [Fact]
    public async Task Publish_ForLater_SaysWhen()
    {
        await using var isolate = await StartAsync();
        await isolate.CallAsync("publishLater");
        Assert.Equal("2030-01-02T03:04:05.678Z", JsonDocument.Parse(Assert.Single(_published)).RootElement[3].GetString());
    }

    [Fact]
    public async Task Publish_WithinATransaction_TakesAPlaceOnlyForWhatIsSent()
    {
        await using var isolate = await StartAsync();
        Assert.Equal("[1,7]", (await isolate.CallAsync("publishWithin")).Json);
        var payloads = _published.ConvertAll(payload => JsonDocument.Parse(payload).RootElement);
        Assert.Equal([(3, 5, "a"), (3, 6, "b")], payloads.Select(payload => (
            payload[4].GetInt32(), payload[5].GetInt32(), payload[1].GetProperty("text").GetString()!)));
    }

    [Fact]
    public async Task Publish_ToATopicThatIsNone_SaysHowToDeclareIt()
    {
        await using var isolate = await StartAsync();
        var answer = await isolate.CallAsync("publishNowhere");
        Assert.Equal(AnswerKind.Error, answer.Kind);
        Assert.Contains("no topic of the application is called nowhere", answer.Json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Publish_WhileTheModuleIsLoaded_SaysThatItIsTooEarly()
    {
        await using var isolate = await TestIsolate.StartEmptyAsync(factory);
        var bundle = TestIsolate.Bundle(new Dictionary<string, string>(), "try { runtime.publish('events', {}) } catch (error) { say(error.message) }");
        await isolate.LoadAsync(bundle with { Topics = [new TopicBinding("events", null, null)] });
        Assert.StartsWith("nothing can be published to the topic events while the application is loaded", await isolate.HearAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Subscription_IsCalled_WithTheMessage()
    {
        await using var isolate = await StartAsync();
        Assert.Equal(new Answer(AnswerKind.Value, ""), await isolate.CallAsync(Message("keeps", "m1", """{"text":"ä"}""")));
        Assert.Equal("""{"text":"ä"}""", await isolate.HearAsync());
    }

    [Fact]
    public async Task Subscription_IsCalled_WithTypesThatJsonHasNot()
    {
        await using var isolate = await StartAsync();
        await isolate.CallAsync(Message("types", "m1", """{"at":0,"big":"12345678901234567890","price":"1.50","bytes":"AQL/","tags":["a","b"]}"""));
        Assert.Equal("0 bigint 1.50 1,2,255 2", await isolate.HearAsync());
    }

    [Fact]
    public async Task Subscription_ThatPublishesWhatItGot_PublishesTheSame()
    {
        await using var isolate = await StartAsync();
        var answer = await isolate.CallAsync(Message("passesOn", "m1", """{"at":0,"big":"12345678901234567890","price":"1.50","bytes":"AQL/","tags":["a","b"]}"""));
        Assert.Equal(new Answer(AnswerKind.Value, ""), answer);
        Assert.Equal(
            """{"at":"1970-01-01T00:00:00.000Z","big":"12345678901234567890","price":"1.50","bytes":"AQL/","tags":["a","b"]}""",
            MessageOf(Assert.Single(_published)));
    }

    [Theory]
    [InlineData("answers")]
    [InlineData("answersLater")]
    [InlineData("answersOddly")]
    public async Task Subscription_ThatReturnsSomething_AnswersNothing(string subscription)
    {
        await using var isolate = await StartAsync();
        Assert.Equal(new Answer(AnswerKind.Value, ""), await isolate.CallAsync(Message(subscription, "m1", "{}")));
    }

    [Fact]
    public async Task CurrentRequest_OfAMessage_TellsAllOfIt()
    {
        await using var isolate = await StartAsync();
        await isolate.CallAsync(Message("shows", "m1", """{"text":"ä"}""", attempt: 3) with { Trace = new CallTrace(7, 9) });
        Assert.Equal(
            """{"type":"pubsub-message","service":"mail","topic":"events","subscription":"shows","messageId":"m1","deliveryAttempt":3,"parsedPayload":{"text":"ä"},"trace":{"traceId":"0000000000000000000000000s","spanId":"000000000000i"}}""",
            await isolate.HearAsync());
    }

    [Fact]
    public async Task Log_OfAMessage_NamesIt()
    {
        await using var isolate = await StartAsync();
        await isolate.CallAsync(Message("logs", "m1", "{}"));
        var fields = JsonDocument.Parse(Assert.Single(isolate.Log, line => line.Message == "now").Fields).RootElement;
        Assert.Equal(
            [("service", "mail"), ("topic", "events"), ("subscription", "logs"), ("message_id", "m1")],
            fields.EnumerateObject().Take(4).Select(field => (field.Name, field.Value.GetString()!)));
        Assert.Equal(1, fields.GetProperty("own").GetInt32());
        Assert.False(fields.TryGetProperty("endpoint", out _));
    }

    [Theory]
    [InlineData("throws", "TypeError", "at once", null)]
    [InlineData("throwsLater", "Error", "later", "unavailable")]
    public async Task Subscription_ThatFails_SaysHow(string subscription, string name, string message, string? code)
    {
        await using var isolate = await StartAsync();
        var answer = await isolate.CallAsync(Message(subscription, "m1", "{}"));
        Assert.Equal(AnswerKind.Error, answer.Kind);
        var error = JsonDocument.Parse(answer.Json).RootElement;
        Assert.Equal((name, message), (error.GetProperty("name").GetString(), error.GetProperty("message").GetString()));
        Assert.Equal(code, error.TryGetProperty("code", out var given) ? given.GetString() : null);
        Assert.NotEqual("", error.GetProperty("stack").GetString());
    }

    [Fact]
    public async Task Subscription_ThatCallsAnEndpoint_GetsItsAnswer()
    {
        await using var isolate = await StartAsync();
        Assert.Equal(AnswerKind.Value, (await isolate.CallAsync(Message("calls", "m1", """{"text":"hi"}"""))).Kind);
        Assert.Equal("""{"got":"hi","of":"echo"}""", await isolate.HearAsync());
    }

    [Fact]
    public async Task Load_WithASubscriptionThatNoModuleMakes_SaysWhichOne()
    {
        await using var isolate = await TestIsolate.StartEmptyAsync(factory);
        var bundle = TestIsolate.Bundle(Handlers, Module) with
        {
            Topics = [new TopicBinding("events", null, null)],
            Subscriptions = [new SubscriptionBinding("events", "keeps", "mail", "mail/mail.ts"), new SubscriptionBinding("events", "gone", "mail", "mail/mail.ts")],
        };
        var error = await Assert.ThrowsAsync<ScriptException>(() => isolate.LoadAsync(bundle));
        Assert.Contains("events/gone: mail/mail.ts makes no Subscription of this topic and name when it is loaded", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("keeps", error.Message, StringComparison.Ordinal);
    }

    private protected async Task<TestIsolate> StartAsync()
    {
        var publish = new FunctionOperation((payload, _, _) =>
        {
            lock (_published)
            {
                _published.Add(payload.GetRawText());
                return ValueTask.FromResult(new OperationOutcome($"\"id-{_published.Count}\""));
            }
        });
        var isolate = await TestIsolate.StartEmptyAsync(
            factory, new Dictionary<string, IOperationHandler> { ["pubsub.publish"] = publish, ["pubsub.publish-within"] = publish });
        var schema = new SchemaBuilder();
        var typed = schema.Object(
            Field("at", schema.Date), Field("big", schema.BigInt), Field("price", schema.Decimal), Field("bytes", schema.Bytes), Field("tags", schema.SetOf(schema.Text)),
            Optional("none", schema.Bytes));
        await isolate.LoadAsync(TestIsolate.Bundle(Handlers, Module) with
        {
            Topics =
            [
                new TopicBinding("events", null, null),
                new TopicBinding(
                    "typed", ResponsePlan.CompileMessage(schema.Application, typed).Lowerer, MessagePlan.Compile(schema.Application, typed, isSensitive: false).Reviver),
            ],
            Subscriptions = [.. Subscriptions.Select(name => name.Split('/')).Select(parts => new SubscriptionBinding(parts[0], parts[1], "mail", "mail/mail.ts"))],
        });
        return isolate;
    }

    private protected static HandlerRequest Message(string subscription, string id, string message, int attempt = 1) => new()
    {
        Endpoint = Handlers.Count + Array.FindIndex(Subscriptions, name => name.EndsWith($"/{subscription}", StringComparison.Ordinal)),
        Payload = TestIsolate.Payload($$"""{"id":"{{id}}","attempt":{{attempt}},"at":"2030-01-01T00:00:00.000Z","message":{{message}}}"""),
    };

    private static string MessageOf(string payload) => JsonDocument.Parse(payload).RootElement[1].GetRawText();
}
