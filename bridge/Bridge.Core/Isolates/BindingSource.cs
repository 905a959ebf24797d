using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Bridge.Core.Isolates;

/// <summary>Writes what an isolate needs to find in an application as JavaScript: revivers and the like are functions.</summary>
internal static class BindingSource
{
    /// <summary>An expression whose value is an <c>ApplicationBinding</c> of <c>ts-sdk/src/internal/bound-endpoint.ts</c>.</summary>
    internal static string Of(ApplicationBundle bundle)
    {
        var text = new StringBuilder("({endpoints:[");
        foreach (var endpoint in bundle.Endpoints)
        {
            Add(text, endpoint);
        }

        text.Append("],services:[");
        foreach (var service in bundle.Services)
        {
            text.Append(CultureInfo.InvariantCulture, $"{{name:{Quote(service.Name)},module:{Quote(service.Module)},exportName:{Quote(service.ExportName)}}},");
        }

        text.Append("],topics:[");
        foreach (var topic in bundle.Topics)
        {
            text.Append($"{{name:{Quote(topic.Name)},lower:{topic.Lowerer ?? "undefined"},revive:{topic.Reviver ?? "undefined"}}},");
        }

        text.Append("],subscriptions:[");
        foreach (var subscription in bundle.Subscriptions)
        {
            text.Append($"{{topic:{Quote(subscription.Topic)},name:{Quote(subscription.Name)},service:{Quote(subscription.Service)},")
                .Append($"sensitive:{Flag(subscription.IsSensitive)},module:{Quote(subscription.Module)}}},");
        }

        text.Append(']');
        if (bundle.AuthHandler is { } auth)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $",auth:{{module:{Quote(auth.Module)},exportName:{Quote(auth.ExportName)},cacheSeconds:{auth.CacheSeconds},revive:{auth.Reviver ?? "undefined"},reviveData:{auth.DataReviver ?? "undefined"},lowerData:{auth.DataLowerer ?? "undefined"}}}");
        }

        return text.Append("})").ToString();
    }

    private static void Add(StringBuilder text, EndpointBinding endpoint)
    {
        var tags = string.Join(',', endpoint.Tags.Select(Quote));
        text.Append($"{{service:{Quote(endpoint.Service)},endpoint:{Quote(endpoint.Name)},kind:{Quote(endpoint.Kind)},")
            .Append($"expose:{Flag(endpoint.IsExposed)},auth:{Flag(endpoint.NeedsAuth)},sensitive:{Flag(endpoint.IsSensitive)},tags:[{tags}],takesParams:{Flag(endpoint.TakesParams)},")
            .Append($"handshake:{Flag(endpoint.TakesHandshake)},")
            .Append($"reviveMessage:{endpoint.MessageReviver ?? "undefined"},lowerMessage:{endpoint.MessageLowerer ?? "undefined"},")
            .Append($"module:{Quote(endpoint.Module)},exportName:{Quote(endpoint.ExportName)},")
            .Append($"revive:{endpoint.Reviver ?? "undefined"},lower:{endpoint.Lowerer ?? "undefined"},remote:{Remote(endpoint)}}},");
    }

    private static string Remote(EndpointBinding endpoint) => endpoint.Remote is { } remote
        ? $"{{lower:{remote.RequestLowerer ?? "undefined"},revive:{remote.AnswerReviver ?? "undefined"},"
            + $"lowerMessage:{remote.MessageLowerer ?? "undefined"},reviveMessage:{remote.MessageReviver ?? "undefined"}}}"
        : "undefined";

    private static string Flag(bool value) => value ? "true" : "false";

    private static string Quote(string text) => $"\"{JsonEncodedText.Encode(text)}\"";
}
