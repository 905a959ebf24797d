using Bridge.Core.Decoding;
using Bridge.Core.Responses;
using Bridge.Core.Schema;

namespace Bridge.Core.Calls;

/// <summary>
/// Writes the scripts that check and copy what services of one application hand each other inside one isolate: no JSON in between, and the
/// same types and rules as for requests from outside.
/// </summary>
/// <remarks>
/// <para>In the isolate, once an application is loaded:</para>
/// <code>
/// const support = (SUPPORT)(Decimal, check);         // Support; check(rule, text) is a host function with HostRules.Body
/// const checkRequest = (REQUEST)(support);           // ValueCheck.Request
/// const copyResponse = (RESPONSE)(support);          // ValueCheck.Response
/// const outcome = checkRequest(params);              // { ok: true, value } or { ok: false, message, details }
/// </code>
/// <para>
/// A failure's <c>message</c> and <c>details</c> are those of the <c>invalid_argument</c> that the same mistake in a request's body gives;
/// <c>details</c> is <c>{ violations }</c>, 100 at most, without values for <c>sensitive</c> endpoints.
/// </para>
/// <para>
/// Requests: the outcome's value holds the declared fields alone, defaults filled in, and shares nothing that can change with what was passed.
/// Values are those that the TypeScript types name: a <c>Date</c> is a Date and no text, a <c>bigint</c> no number, a <c>Set</c> no array.
/// Bytes may come in any buffer or view, and arrive as Uint8Array, as they do from outside. A field is what <c>value.name</c> gives (also by
/// a getter of its class); undefined is missing; undeclared fields count where they are the object's own. <c>any</c> is what JSON makes of the
/// value. Where a field travels (<c>Header</c>, <c>Query</c>, the path) makes no difference. undefined for an object is one without fields.
/// Values nested more than 128 levels deep, and such that contain themselves, are refused.
/// </para>
/// <para>
/// Responses: not checked; undeclared fields are left out at the top level, undefined ones and functions everywhere. Dates, bytes, sets and
/// maps stay what they are. Nested more than 1000 levels deep it throws a RangeError.
/// </para>
/// <para>
/// What the values' own code throws (a getter, <c>toJSON</c>, a proxy's trap) passes through to the caller as it is.
/// Thread: compiling on one; the results are immutable.
/// </para>
/// </remarks>
/// <param name="application">The application.</param>
public sealed class ValueChecks(Application application)
{
    /// <summary>JavaScript: an expression whose value is a function from the class of decimals (or undefined) and <c>check</c> to the support object.</summary>
    public static string Support => SupportScript.Source;

    /// <summary>The rules that <c>check</c> asks for; complete once all endpoints are compiled.</summary>
    public HostRules HostRules { get; } = new();

    /// <summary>Compiles the scripts of an endpoint.</summary>
    /// <param name="endpoint">An endpoint of the application.</param>
    /// <exception cref="SchemaException">The artifact is damaged.</exception>
    public ValueCheck Compile(EndpointSchema endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        return new ValueCheck(
            endpoint.HasRequest ? RequestOf(endpoint.Request, endpoint.Sensitive) : null,
            endpoint.HasResponse ? ResponseOf(endpoint.Response) : null)
        {
            Incoming = endpoint.Stream is { HasIncoming: true } incoming ? RequestOf(incoming.Incoming, endpoint.Sensitive) : null,
            Outgoing = endpoint.Stream is { HasOutgoing: true } outgoing ? ResponseOf(outgoing.Outgoing) : null,
        };
    }

    private string RequestOf(uint type, bool isSensitive)
    {
        var graph = new CallGraph(application);
        var constants = new ScriptConstants();
        var rules = new RuleScript(constants, HostRules);
        var keys = new KeyScript(application, graph, rules, HostRules);
        var writer = new RequestWriter(constants, rules, keys, application);
        var root = graph.NodeOf(type);
        var check = writer.CheckOf(root);
        var description = new DescriptionWriter(writer, rules, keys).Describe(root);
        var entry = root is CallObject ? $"(v,d)=>{check}(v===undefined?{{}}:v,d)" : check;
        var explained = $"newRequestCheck({entry},()=>{description},{(isSensitive ? "true" : "false")},{(root is CallObject ? "true" : "false")})";
        return $"(({SupportScript.Parameter})=>{{const choose=newChooser();{constants.Declarations}{writer.Functions}return {explained}}})";
    }

    private string ResponseOf(uint type)
    {
        var shape = AnswerShape.Of(application, type);
        var names = shape.HasObjects && !shape.KeepsAll ? $"new Set([{string.Join(',', shape.Fields.Select(field => Script.Quote(field.Name)))}])" : "undefined";
        var graph = new CallGraph(application);
        var constants = new ScriptConstants();
        var keys = new KeyScript(application, graph, new RuleScript(constants, HostRules), HostRules);
        var keeps = shape.PatternKeys.Count == 0 ? "false" : string.Join("||", shape.PatternKeys.Select(key => keys.Fits(key, "k")));
        return $"(({SupportScript.Parameter})=>{{{constants.Declarations}return newAnswerCopy({names},k=>{keeps},{(shape.IsObject ? "true" : "false")})}})";
    }
}
