using Bridge.Core.Scripting;
using Bridge.V8;
using Xunit;

namespace Bridge.Engine.Tests.Scripting;

public sealed class V8FlagsTests
{
    [Fact]
    public void Flags_AfterAnEngineWasMade_AreRefused()
    {
        // V8 would end the process.
        using var engine = new V8EngineFactory().Create(new ScriptEngineOptions("flags"));

        Assert.False(V8EngineFactory.OptimiseOnIsolateThread());
    }
}
