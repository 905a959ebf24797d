using Bridge.Core.Decoding;
using Bridge.Core.PubSub;
using Bridge.Core.Scripting;
using Encore.Host.Commands;
using Encore.Host.Databases;
using Encore.Host.Http;

namespace Encore.Host.Hosting;

/// <summary>Tells a person why the host can't start.</summary>
internal static class StartFailure
{
    /// <summary>Writes a line or more for an error that has a plain explanation.</summary>
    /// <returns>The exit code; null for an error that is the host's own fault, of which nothing was written.</returns>
    public static int? Report(Exception error)
    {
        switch (error)
        {
            case ListenException listen:
                Terminal.WriteError(listen.Message, listen.Help);
                return ExitCodes.Environment;
            case BrokerException broker:
                Terminal.WriteError(broker.Message, broker.Help.Length > 0 ? broker.Help : null);
                return ExitCodes.Environment;
            case DatabaseException database:
                return database.Report();
            case TlsException tls:
                Terminal.WriteError(tls.Message, tls.Help);
                return ExitCodes.Usage;
            case StartException start:
                foreach (var problem in start.Problems)
                {
                    Terminal.WriteError(problem, help: null);
                }

                return ExitCodes.ApplicationErrors;
            case SchemaException schema:
                Terminal.WriteError(schema.Message, "the artifact is damaged; build it again with `encore-host build`");
                return ExitCodes.ApplicationErrors;
            case ScriptException script:
                Terminal.WriteError("the application failed to load: " + DescribeScript(script), help: null);
                return ExitCodes.ApplicationErrors;
            default:
                return null;
        }
    }

    private static string DescribeScript(ScriptException script) =>
        (script.ScriptStack.Length > 0 ? script.ScriptStack : script.Message).TrimEnd();
}
