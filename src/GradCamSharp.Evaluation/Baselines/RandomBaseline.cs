using GradCamSharp.Imaging;
using GradCamSharp.Methods;

namespace GradCamSharp.Evaluation.Baselines;

/// <summary>A map of random evidence at the layer's resolution: what a measure gives to maps that say nothing.</summary>
public static class RandomBaseline
{
    /// <summary>Its name among the methods.</summary>
    public const string Name = "random";

    /// <summary>The map of a picture.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="picture">The picture's id.</param>
    /// <param name="height">The layer's height.</param>
    /// <param name="width">The layer's width.</param>
    /// <param name="geometry">Where the network's input lies in the picture.</param>
    public static HeatMap Map(ulong seed, string picture, int height, int width, Geometry geometry)
    {
        var random = RandomNumbers.Named(seed, "random/" + picture);
        float[] raw = new float[height * width];
        for (int i = 0; i < raw.Length; i++)
            raw[i] = random.Uniform(i);
        return HeatMap.FromRaw(raw, height, width, geometry);
    }
}
