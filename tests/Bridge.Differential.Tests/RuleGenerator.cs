using System.Globalization;
using Bridge.Core.Schema;

namespace Bridge.Differential.Tests;

/// <summary>Makes random rules.</summary>
internal sealed class RuleGenerator(Random random)
{
    // Numbers that double and decimal arithmetic agree on, and divisors that only the latter divides by.
    private static readonly double[] Divisors = [1, 2, 3, 0.5, 0.25, 0.1, 0.01];

    /// <summary>A rule on texts.</summary>
    public Rule OfText() => Combined(OneOfText, 2);

    /// <summary>A rule on numbers.</summary>
    public Rule OfNumber() => Combined(OneOfNumber, 2);

    /// <summary>A rule on decimals.</summary>
    public Rule OfDecimal() => random.Next(3) switch
    {
        0 => new Rule { Lower = new Bound { Text = Bound().ToString(CultureInfo.InvariantCulture), Exclusive = random.Next(2) == 0 } },
        1 => new Rule { Max = Bound() },
        _ => new Rule { MultipleOf = Divisors[random.Next(Divisors.Length)] },
    };

    /// <summary>A rule on the length of arrays.</summary>
    public Rule OfArray() => Combined(() => random.Next(2) == 0 ? new Rule { MinLength = (uint)random.Next(3) } : new Rule { MaxLength = (uint)random.Next(1, 5) }, 1);

    private Rule Combined(Func<Rule> one, int depth)
    {
        var choice = random.Next(6);
        if (depth == 0 || choice > 1)
        {
            return one();
        }

        var list = new RuleList();
        list.Rules.AddRange(Enumerable.Range(0, random.Next(2, 4)).Select(_ => Combined(one, depth - 1)));
        return choice == 0 ? new Rule { All = list } : new Rule { Any = list };
    }

    private Rule OneOfText() => random.Next(8) switch
    {
        0 => new Rule { MinLength = (uint)random.Next(5) },
        1 => new Rule { MaxLength = (uint)random.Next(8) },
        2 => new Rule { StartsWith = "a.(" },
        3 => new Rule { EndsWith = "$e" },
        4 or 5 => new Rule { Is = Pick(PatternSamples.Formats.Keys) },
        _ => new Rule { Matches = Pick(PatternSamples.Patterns.Keys) },
    };

    private Rule OneOfNumber() => random.Next(7) switch
    {
        0 => new Rule { Min = Bound() },
        1 => new Rule { Max = Bound() },
        2 => new Rule { Lower = new Bound { Number = Bound(), Exclusive = random.Next(2) == 0 } },
        3 => new Rule { Upper = new Bound { Number = Bound(), Exclusive = random.Next(2) == 0 } },
        4 => new Rule { Integer = true },
        _ => new Rule { MultipleOf = Divisors[random.Next(Divisors.Length)] },
    };

    private double Bound() => random.Next(-4, 12) / (random.Next(2) == 0 ? 1.0 : 2.0);

    private T Pick<T>(IEnumerable<T> items) => items.ElementAt(random.Next(items.Count()));
}
