using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;

namespace Encore.Host.Compiler;

/// <summary>The generated module that a bundle starts from: it imports every module that declares a resource and binds its exports.</summary>
internal static class BundleEntry
{
    /// <summary>What messages and source maps call the entry.</summary>
    public const string FileName = ".encore/entry.js";

    /// <summary>The entry's source.</summary>
    /// <param name="modules">Relative to the application's root with '/'; the order is the order of evaluation.</param>
    public static string Generate(IReadOnlyList<string> modules)
    {
        var imports = new StringBuilder("import { bind } from \"encore-host/internal/registry\";\n");
        var bindings = new StringBuilder();
        for (var index = 0; index < modules.Count; index++)
        {
            imports.Append(CultureInfo.InvariantCulture, $"import * as m{index} from {Quote("./" + modules[index])};\n");
            bindings.Append(CultureInfo.InvariantCulture, $"bind({Quote(modules[index])}, m{index});\n");
        }

        return imports.Append(bindings).ToString();
    }

    private static string Quote(string text) => "\"" + JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text) + "\"";
}
