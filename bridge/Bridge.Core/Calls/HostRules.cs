using System.Text;
using Bridge.Core.Buffers;
using Bridge.Core.Decoding.Json;
using Bridge.Core.Decoding.Nodes;
using Bridge.Core.Decoding.Plans;
using Bridge.Core.Decoding.Rules;
using Bridge.Core.Schema;
using Bridge.Core.Scripting;

namespace Bridge.Core.Calls;

/// <summary>
/// The rules on texts that the scripts of calls ask the host for: formats, patterns that a backtracking matcher may take too long for, names
/// of fields that must be of a type. They are the ones that requests are checked by.
/// </summary>
/// <remarks>Filled while an application's checks are compiled, on one thread; afterwards immutable. Thread: any.</remarks>
public sealed class HostRules
{
    private readonly List<Func<byte[], bool>> _tests = [];
    private readonly Dictionary<Rule, int> _rules = [];
    private readonly Dictionary<uint, int> _keys = [];

    /// <summary>The body of the host function that scripts know as <c>check(rule, text)</c>.</summary>
    public HostFunctionBody Body => arguments => ScriptValue.From(Check((int)arguments[0].AsNumber(), arguments[1].AsText()));

    /// <summary>Whether a text keeps a rule.</summary>
    /// <param name="rule">The rule's number, as it stands in the generated scripts.</param>
    /// <param name="text">The text; half of a surrogate pair counts as U+FFFD.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such rule.</exception>
    public bool Check(int rule, string text)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)rule, (uint)_tests.Count, nameof(rule));
        ArgumentNullException.ThrowIfNull(text);
        return _tests[rule](Encoding.UTF8.GetBytes(text));
    }

    /// <summary>The number of a rule on texts.</summary>
    internal int NumberOf(Rule rule)
    {
        if (!_rules.TryGetValue(rule, out var number))
        {
            var compiled = RuleCompiler.Compile(rule);
            _rules.Add(rule, number = _tests.Count);
            _tests.Add(text => Holds(compiled, text));
        }

        return number;
    }

    /// <summary>The number of the rule that a name is of a type, as text outside of a body is read.</summary>
    /// <param name="type">The type's id, by which it is known again.</param>
    /// <param name="key">The type.</param>
    internal int NumberOfKey(uint type, ValueNode key)
    {
        if (!_keys.TryGetValue(type, out var number))
        {
            _keys.Add(type, number = _tests.Count);
            _tests.Add(text => Fits(key, text));
        }

        return number;
    }

    private static bool Holds(ValueRule rule, byte[] text)
    {
        var scratch = DecodeScratch.Rent();
        var holds = rule.Holds(new RuleSubject { Kind = SubjectKind.Text, Text = text, Scratch = scratch });
        DecodeScratch.Return(scratch);
        return holds;
    }

    private static bool Fits(ValueNode key, byte[] text)
    {
        using var output = new PooledBuffer();
        var cursor = new DecodeCursor(default, output, report: null);
        var fits = key.DecodeText(ref cursor, text);
        cursor.Finish();
        return fits;
    }
}
