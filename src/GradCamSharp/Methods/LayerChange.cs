namespace GradCamSharp.Methods;

/// <summary>Factors that a layer's values are multiplied by in one run.</summary>
/// <param name="run">Which run, from 0.</param>
/// <param name="factors">One a channel, or one a position, as <see cref="LayerChange.Axis"/> says; all are 0 when this is called.</param>
public delegate void FactorWriter(int run, Span<float> factors);

/// <summary>What factors belong to.</summary>
public enum LayerAxis
{
    /// <summary>Each channel has a factor: of tokens, in the leading ones too.</summary>
    Channels,

    /// <summary>Each position has a factor; leading tokens stay as they are.</summary>
    Positions,
}

/// <summary>How the layer's values change from run to run.</summary>
/// <param name="Axis">What factors belong to.</param>
/// <param name="Write">The factors of a run.</param>
public sealed record LayerChange(LayerAxis Axis, FactorWriter Write);
