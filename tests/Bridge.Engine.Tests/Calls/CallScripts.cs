using Bridge.Core.Calls;
using Bridge.Core.Schema;
using Bridge.Core.Scripting;
using Bridge.Core.Tests;

namespace Bridge.Engine.Tests.Calls;

/// <summary>An engine with what the scripts of calls need around them, and words to look at values with.</summary>
internal sealed class CallScripts
{
    private const string World =
        """
        class Decimal {
          constructor(value) { this.text = String(value) }
          get value() { return this.text }
          toJSON() { return this.text }
        }
        class Point { constructor(x, y) { this.x = x; this.y = y } get sum() { return this.x + this.y } }
        Object.defineProperty(BigInt.prototype, "toJSON", { value() { return String(this) }, configurable: true, writable: true });
        const support = (SUPPORT)(Decimal, (rule, text) => host.check(rule, text));
        const members = (value) => Object.keys(value).sort().map((name) => JSON.stringify(name) + ":" + inspect(value[name])).join();
        const inspect = (value) => {
          if (typeof value === "bigint") return value + "n";
          if (typeof value === "string") return JSON.stringify(value);
          if (typeof value === "function") return "function";
          if (typeof value !== "object" || value === null) return String(value);
          if (value instanceof Date) return "Date(" + (Number.isNaN(value.getTime()) ? "invalid" : value.toISOString()) + ")";
          if (value instanceof Decimal) return "Decimal(" + value.value + ")";
          if (value instanceof ArrayBuffer) return "Buffer(" + new Uint8Array(value).join() + ")";
          if (ArrayBuffer.isView(value)) return value.constructor.name + "(" + Array.from(value).join() + ")";
          if (value instanceof Set) return "Set(" + Array.from(value, inspect).join() + ")";
          if (value instanceof Map) return "Map(" + Array.from(value, ([k, v]) => inspect(k) + "=>" + inspect(v)).join() + ")";
          if (Array.isArray(value)) return "[" + value.map(inspect).join() + "]";
          const prototype = Object.getPrototypeOf(value);
          return (prototype === Object.prototype || prototype === null ? "" : prototype.constructor?.name ?? "?") + "{" + members(value) + "}";
        };
        const scramble = (value) => {
          if (typeof value !== "object" || value === null || value instanceof Decimal) return;
          if (value instanceof Date) value.setTime(value.getTime() + 1);
          else if (ArrayBuffer.isView(value)) new Uint8Array(value.buffer).fill(77);
          else if (value instanceof Set || value instanceof Map) {
            for (const pair of value.entries()) pair.forEach(scramble);
            value.clear();
          } else if (Array.isArray(value)) {
            value.forEach(scramble);
            value.push("changed");
          } else {
            Object.keys(value).forEach((name) => scramble(value[name]));
            value["changed"] = true;
          }
        };
        const outcomeOf = (outcome) => outcome.ok ? inspect(outcome.value) : outcome.message;
        const detailsOf = (outcome) => JSON.stringify(outcome.details);
        const requests = [], responses = [], revivers = [];
        const caught = (run) => { try { return run() } catch (error) { return "threw " + error } };
        """;

    private readonly IScriptEngine _engine;
    private ValueChecks _checks;
    private int _endpoints;

    internal CallScripts(IScriptEngine engine, SchemaBuilder? schema = null)
    {
        (_engine, Schema) = (engine, schema ?? new SchemaBuilder());
        _checks = new ValueChecks(Schema.Application);
        engine.DefineHost("host", [new HostFunction("check", arguments => _checks.HostRules.Body(arguments))]);
        engine.Execute(new ScriptSource("world.js", World.Replace("SUPPORT", ValueChecks.Support, StringComparison.Ordinal)));
    }

    internal SchemaBuilder Schema { get; }

    /// <summary>Turns to another application; what was loaded before is no longer asked.</summary>
    internal void Use(Application application) => _checks = new ValueChecks(application);

    /// <summary>Loads the scripts of an endpoint and returns their place in <c>requests</c>, <c>responses</c> and <c>revivers</c>.</summary>
    internal int Load(EndpointSchema endpoint, string? reviver = null)
    {
        var check = _checks.Compile(endpoint);
        var parts = $"requests.push({Loaded(check.Request)});responses.push({Loaded(check.Response)});revivers.push({reviver ?? "(v) => v"});";
        _engine.Execute(new ScriptSource("checks.js", parts));
        return _endpoints++;
    }

    /// <summary>A function of the script's world.</summary>
    internal IScriptFunction Function(string expression) => _engine.GetFunction(expression);

    /// <summary>Loads the check of a request type.</summary>
    internal RequestScript Request(uint type, bool sensitive = false) => new(this, Load(Schema.Endpoint(type, sensitive: sensitive)));

    /// <summary>The value of an expression, as text.</summary>
    internal string Run(string expression)
    {
        using var function = _engine.GetFunction(expression.StartsWith("{ ", StringComparison.Ordinal) ? $"() => {expression}" : $"() => ({expression})");
        return function.Invoke().AsText();
    }

    private static string Loaded(string? source) => source is null ? "undefined" : $"({source})(support)";
}

/// <summary>The check of a request type.</summary>
internal sealed class RequestScript(CallScripts scripts, int endpoint)
{
    /// <summary>What the callee gets of a value, or why it doesn't.</summary>
    internal string Check(string value) => scripts.Run($"caught(() => outcomeOf(requests[{endpoint}]({value})))");

    /// <summary>The violations as JSON.</summary>
    internal string Details(string value) => scripts.Run($"caught(() => detailsOf(requests[{endpoint}]({value})))");
}
