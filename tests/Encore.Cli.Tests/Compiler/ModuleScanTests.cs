using Encore.Cli.Tests.Support;
using Encore.Host.Compiler;

namespace Encore.Cli.Tests.Compiler;

public sealed class ModuleScanTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Find_Folder_TakesModulesThatMayDeclareResources()
    {
        _folder.WriteShop()
            .Write("mail.ts", "import { Subscription } from \"encore.dev/pubsub\";\nnew Subscription(signups, \"mail\", { handler });\n")
            .Write("topic.ts", "import { Topic } from \"encore.dev/pubsub\";\nconst signups = new Topic(\"signups\");\n")
            .Write("types.ts", "import type { Header } from \"encore.dev/api\";\nexport type H = Header<\"x\">;\n")
            .Write("log.ts", "import log from \"encore.dev/log\";\nexport const info = log.info;\n")
            .Write("orders/orders.test.ts", Applications.Hello)
            .Write("node_modules/x/index.ts", Applications.Hello)
            .Write("dist/app.js", Applications.Hello)
            .Write(".encore/x.ts", Applications.Hello)
            .Write("own.mts", Applications.Hello.Replace("encore.dev", "encore-host", StringComparison.Ordinal));

        var modules = ModuleScan.Find(new ApplicationSource(_folder.Root, Entry: null));

        Assert.Equal(["mail.ts", "orders/orders.ts", "own.mts", "stock/stock.ts"], modules);
    }

    [Fact]
    public void Find_File_TakesWhatItReaches()
    {
        _folder.WriteShop()
            .Write("app.ts", "import './orders/orders.js';\nexport * from \"./inner\";\nconst lazy = import('./lazy');\n")
            .Write("inner/index.ts", Applications.Hello)
            .Write("lazy.ts", Applications.Hello + "import './app';\n");

        var modules = ModuleScan.Find(new ApplicationSource(_folder.Root, _folder["app.ts"]));

        Assert.Equal(["inner/index.ts", "lazy.ts", "orders/orders.ts"], modules);
    }
}
