using GradCamSharp.Imaging;
using GradCamSharp.Methods;
using GradCamSharp.Notebooks;
using GradCamSharp.Runtime;
using GradCamSharp.Targets;
using OnnxGrad;

namespace GradCamSharp;

/// <summary>A class that a model predicts.</summary>
/// <param name="Index">The class.</param>
/// <param name="Label">Its name.</param>
/// <param name="Probability">From 0 to 1.</param>
/// <param name="Score">The score S before softmax or sigmoid.</param>
public sealed record Prediction(long Index, string Label, float Probability, float Score)
{
    /// <summary>The classes of the highest scores, of equal ones the lower index first.</summary>
    internal static IReadOnlyList<Prediction> MostProbable(ScoreHead head, Labels labels, float[] scores, int count)
    {
        float[] probabilities = new float[scores.Length];
        head.Probabilities(scores, probabilities);
        return [.. Enumerable.Range(0, scores.Length).OrderByDescending(i => scores[i]).ThenBy(i => i).Take(count)
            .Select(i => new Prediction(i, labels[i], probabilities[i], scores[i]))];
    }
}

/// <summary>Why a model gives a picture a class, by one method.</summary>
/// <param name="Method">The method.</param>
/// <param name="Class">The class explained.</param>
/// <param name="Label">Its name.</param>
/// <param name="Shape">The raw map's shape: [h, w] at the layer's resolution, [C, H, W] in pixel space.</param>
/// <param name="Raw">The raw map, not normalised; signed in pixel space.</param>
/// <param name="HeatMap">The map on the original picture.</param>
/// <param name="Picture">The original picture.</param>
/// <remarks>In a .NET Interactive notebook it shows itself as the overlay.</remarks>
[TypeFormatterSource(typeof(NotebookFormatters), PreferredMimeTypes = [NotebookFormatters.Png, NotebookFormatters.Text])]
public sealed record Explanation(
    ExplanationMethod Method, long Class, string Label, Shape Shape, float[] Raw, HeatMap HeatMap, Picture Picture);

/// <summary>What a model says of a picture, and why.</summary>
/// <param name="Picture">The original picture.</param>
/// <param name="Prepared">What the network saw of it.</param>
/// <param name="Predictions">The most probable classes, first the most probable.</param>
/// <param name="Explanations">One a class and method: all methods of the first class, then of the next.</param>
/// <param name="Batch">The raw result.</param>
/// <remarks>In a .NET Interactive notebook it shows itself as the picture and all overlays side by side.</remarks>
[TypeFormatterSource(typeof(NotebookFormatters), PreferredMimeTypes = [NotebookFormatters.Png, NotebookFormatters.Text])]
public sealed record PictureExplanation(
    Picture Picture, PreparedPicture Prepared, IReadOnlyList<Prediction> Predictions, IReadOnlyList<Explanation> Explanations,
    MapBatch Batch);
