using GradCamSharp.Imaging;
using GradCamSharp.Layers;

namespace GradCamSharp.Concepts;

/// <summary>What the channels of a layer have to do with a class in a picture.</summary>
/// <param name="Picture">The picture.</param>
/// <param name="Prepared">As the network sees it.</param>
/// <param name="Layer">The layer.</param>
/// <param name="Class">The class.</param>
/// <param name="Label">Its name.</param>
/// <param name="Score">Its score, before softmax or sigmoid.</param>
/// <param name="Relevance">The relevance of every channel; their sum is what of the score passes through the layer, to first order.</param>
/// <param name="Channels">The channels that were looked at, the strongest first.</param>
public sealed record ConceptExplanation(
    Picture Picture, PreparedPicture Prepared, Layer Layer, long Class, string Label, float Score, IReadOnlyList<float> Relevance,
    IReadOnlyList<ConceptChannel> Channels);

/// <summary>One channel of a layer.</summary>
/// <param name="Index">Which, from 0.</param>
/// <param name="Relevance">The sum over positions of coefficient times activation.</param>
/// <param name="Share">Its relevance as a share of the magnitudes of all channels', -1 to 1.</param>
/// <param name="Map">
/// The conditional map, summed over the input's channels: [H, W] at the network's input, signed. The maps of all channels add up to the map
/// of the score where all of the network passes through the layer.
/// </param>
/// <param name="HeatMap">The positive part of the map's sums over the cells of the layer's grid, on the picture.</param>
public sealed record ConceptChannel(int Index, float Relevance, double Share, ReadOnlyMemory<float> Map, HeatMap HeatMap);
