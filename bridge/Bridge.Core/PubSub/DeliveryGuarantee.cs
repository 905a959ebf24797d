namespace Bridge.Core.PubSub;

/// <summary>How often a message reaches a subscription's handler.</summary>
public enum DeliveryGuarantee
{
    /// <summary>Once, and again where it isn't certain that the handler has finished with it.</summary>
    AtLeastOnce,

    /// <summary>As above, and what was acknowledged, or published twice under one deduplication id, never again.</summary>
    ExactlyOnce,
}
