using GradCamSharp.Imaging;
using GradCamSharp.Layers;

namespace GradCamSharp.Visualizing;

/// <summary>A channel of a layer, and what it adds to a decision.</summary>
/// <param name="Channel">The channel, from 0.</param>
/// <param name="Contribution">sum g A over positions: what it adds to the score, to first order.</param>
/// <param name="Share">That, as a share of the sum of all channels' magnitudes, -1 to 1.</param>
/// <param name="Strongest">Its largest value in the picture.</param>
/// <param name="Patch">
/// The part of the picture that excites it most, in pixels: the layer's positions connected with its strongest one where it has at least
/// half of that value.
/// </param>
/// <param name="Map">Where the channel is active: its values where they are positive.</param>
public sealed record Neuron(int Channel, double Contribution, double Share, float Strongest, PixelBox Patch, HeatMap Map);

/// <summary>The channels that carry a decision.</summary>
/// <param name="Decision">The class that they speak for.</param>
/// <param name="Layer">Their layer.</param>
/// <param name="Neurons">The channels that add most, the most first.</param>
public sealed record NeuronReport(Prediction Decision, Layer Layer, IReadOnlyList<Neuron> Neurons);
