using System.Globalization;
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
    /// <param name="head">What makes probabilities of the scores.</param>
    /// <param name="labels">The classes' names.</param>
    /// <param name="scores">[C].</param>
    /// <param name="count">How many classes.</param>
    public static IReadOnlyList<Prediction> MostProbable(ScoreHead head, Labels labels, ReadOnlyMemory<float> scores, int count)
    {
        ArgumentNullException.ThrowIfNull(head);
        ArgumentNullException.ThrowIfNull(labels);
        float[] probabilities = new float[scores.Length];
        head.Probabilities(scores.Span, probabilities);
        return [.. Enumerable.Range(0, scores.Length).OrderByDescending(i => scores.Span[i]).ThenBy(i => i).Take(count)
            .Select(i => new Prediction(i, labels[i], probabilities[i], scores.Span[i]))];
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
    ExplanationMethod Method, long Class, string Label, Shape Shape, ReadOnlyMemory<float> Raw, HeatMap HeatMap, Picture Picture)
    : INotebookOutput
{
    /// <summary>
    /// Of a map that should sum to a change of the score: by how much it does not, as a share of its magnitudes' sum; null of others.
    /// </summary>
    public double? Residual { get; init; }

    /// <summary>Of a method that shares out the score: where it went; null of others.</summary>
    public RelevanceAccount? Account { get; init; }

    /// <summary>What the method has to say of its map of this model; null where it says nothing.</summary>
    public string? Note { get; init; }

    /// <summary>Of a mean over random masks its standard error, in the map's own unit; null of others.</summary>
    public double? StandardError { get; init; }

    internal string Caption => $"{Method.Title}: {Label}";

    internal Picture Overlay => Rendering.Overlay(Picture, HeatMap);

    byte[] INotebookOutput.ToPng() => PictureEncoder.ToPng(Overlay);

    string INotebookOutput.ToText() => HeatMap.IsEmpty
        ? $"{Caption}: no positive evidence for this class at this layer"
        : $"{Caption}: strongest in {HeatMap.LargestPart()}";
}

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
    MapBatch Batch) : INotebookOutput
{
    byte[] INotebookOutput.ToPng() =>
        PictureEncoder.ToPng(SideBySide.Draw([("the picture", Picture), .. Explanations.Select(e => (e.Caption, e.Overlay))]));

    string INotebookOutput.ToText() => string.Join("; ", Predictions.Select(p =>
        string.Create(CultureInfo.InvariantCulture, $"{p.Label} {p.Probability:P1}")));
}
