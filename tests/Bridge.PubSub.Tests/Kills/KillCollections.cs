namespace Bridge.PubSub.Tests.Kills;

/// <summary>Kill runs keep a machine busy: those of one collection wait for each other, so that two run at a time.</summary>
[CollectionDefinition(Name)]
public sealed class FirstKillCollection
{
    public const string Name = "kills 1";
}

/// <inheritdoc cref="FirstKillCollection"/>
[CollectionDefinition(Name)]
public sealed class SecondKillCollection
{
    public const string Name = "kills 2";
}
