using System.Globalization;
using System.Text;
using System.Text.Json;
using Bridge.Core.Schema;
using Encore.Host.Artifacts;
using Encore.Host.Tests.Http;

namespace Encore.Host.Tests.Probes;

/// <summary>
/// A case as it is served: with its own handlers, with handlers of its probes, and with endpoints that answer what they get. Each is a host of
/// its own, started when a probe needs it.
/// </summary>
internal sealed class ProbeHosts(ProbedCase one, Application schema, string bundle) : IAsyncDisposable
{
    private const string SelectModule = "probes";

    private TestHost? _own;
    private TestHost? _echo;
    private TestHost? _given;

    /// <summary>The host for a probe, ready for it.</summary>
    public async Task<TestHost> ForAsync(Probe probe)
    {
        if (probe.Handler is not null)
        {
            _given ??= await StartAsync(WithGivenHandlers());
            var index = one.Probes.ToList().IndexOf(probe);
            var selected = await _given.PostAsync("/__probe", string.Create(CultureInfo.InvariantCulture, $$"""{"index":{{index}}}"""));
            Assert.Equal((200, ""), (selected.Status, selected.Body));
            return _given;
        }

        return probe.Echo ? _echo ??= await StartAsync(WithEcho()) : _own ??= await StartAsync(Application(schema.Clone(), bundle));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in (TestHost?[])[_own, _echo, _given])
        {
            if (host is not null)
            {
                await host.DisposeAsync();
            }
        }
    }

    private static Task<TestHost> StartAsync(LoadedApplication application) => TestHost.StartAsync(application: application);

    // Probes come from outside, where only what is exposed is there.
    private static LoadedApplication Application(Application schema, string bundle)
    {
        foreach (var endpoint in schema.Endpoints)
        {
            endpoint.Expose = true;
        }

        return new LoadedApplication(schema, bundle, "/nowhere/app.js", SourceMapPath: null, "/nowhere");
    }

    // What runs before and around a case's handlers isn't in a bundle of other handlers.
    private Application HandlersAlone()
    {
        var alone = schema.Clone();
        alone.Gateways.Clear();
        foreach (var service in alone.Services)
        {
            service.ClearModule();
        }

        foreach (var endpoint in alone.Endpoints)
        {
            endpoint.Auth = false;
        }

        return alone;
    }

    private LoadedApplication WithEcho()
    {
        var echo = HandlersAlone();
        foreach (var endpoint in echo.Endpoints)
        {
            endpoint.ClearResponse();
            if (endpoint.HasRequest)
            {
                endpoint.Response = endpoint.Request;
            }
        }

        return Application(echo, Handlers("(request) => request"));
    }

    private LoadedApplication WithGivenHandlers()
    {
        var given = HandlersAlone();
        var number = (uint)given.Types_.Count;
        given.Types_.Add(new TypeSchema { Primitive = Primitive.Number });
        given.Types_.Add(new TypeSchema { Object = new ObjectShape { Fields = { new Field { Name = "index", Type = number } } } });
        given.Files.Add(SelectModule);
        given.Endpoints.Add(new EndpointSchema
        {
            Name = "select",
            Module = (uint)given.Files.Count - 1,
            ExportName = "select",
            Kind = EndpointKind.Typed,
            Methods = { "POST" },
            Path = { new PathSegment { Kind = PathSegmentKind.Literal, Value = "__probe" } },
            Request = number + 1,
        });
        var handlers = string.Concat(one.Probes.Select(probe => $"{probe.Handler ?? "undefined"},\n"));
        return Application(given, $"const handlers = [\n{handlers}];\nlet at = 0;\n{Handlers("(request) => handlers[at](request)")}bind('{SelectModule}', {{ select: endpoint(({{ index }}) => {{ at = index }}) }});\n");
    }

    /// <summary>A bundle whose endpoints all have the same handler.</summary>
    private string Handlers(string handler)
    {
        var text = new StringBuilder(
            $$"""
            const endpoint = (handler) => ({ [Symbol.for("encore-host.endpoint")]: { handler } });
            const bind = (module, exports) => globalThis[Symbol.for("encore-host.runtime")].bind(module, exports);
            const every = endpoint({{handler}});

            """);
        foreach (var module in schema.Endpoints.GroupBy(endpoint => endpoint.Module))
        {
            var exports = string.Join(", ", module.Select(endpoint => $"{JsonSerializer.Serialize(endpoint.ExportName)}: every"));
            text.Append($"bind({JsonSerializer.Serialize(schema.Files[(int)module.Key])}, {{ {exports} }});\n");
        }

        return text.ToString();
    }
}
