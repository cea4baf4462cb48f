using GradCamSharp.Evaluation.DataSets;
using GradCamSharp.Evaluation.Experiments.Localization;
using GradCamSharp.Imaging;
using GradCamSharp.Methods;
using GradCamSharp.Targets;
using OnnxGrad;

namespace GradCamSharp.Scenes;

/// <summary>
/// Measures whether a detector's or a segmenter's maps tell one object from the others, on freshly drawn scenes with several objects.
/// </summary>
/// <remarks>Boxes are measured against boxes, a segmenter's masks against the objects' pixels.</remarks>
/// <param name="explainer">
/// A network whose labels hold <see cref="SceneClasses.Names"/>; one without labels has them in that order. The caller disposes it.
/// </param>
/// <param name="methods">The methods to measure; maps of a layer. A pixel-space method is an <see cref="ArgumentException"/>.</param>
public sealed class SceneTargets(PictureTargets explainer, IReadOnlyList<ExplanationMethod> methods)
{
    /// <summary>Draws scenes and measures the map of every object that is found.</summary>
    /// <param name="seed">The scenes' seed; choose one that the network was not trained on.</param>
    /// <param name="count">How many scenes. At least 1.</param>
    /// <param name="progress">Told how many are measured.</param>
    /// <param name="cancellationToken">Stops between two pictures.</param>
    /// <exception cref="ModelException">The network neither detects nor segments, or has other classes.</exception>
    public TargetLocalizationReport Measure(
        long seed, int count, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var labels = explainer.Model.Options.Labels;
        var classes = SceneClasses.Names.Select((name, place) => (name, Class: ClassOf(labels, name, place)))
            .ToDictionary(c => c.name, c => (IReadOnlyList<int>)[c.Class], StringComparer.Ordinal);
        var measured = new TargetLocalization(explainer, methods, name => classes[name]);
        var painter = new ScenePainter(new SceneOptions { Seed = seed, SingleShare = 0 });
        for (int index = 0; index < count; index++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scene = painter.Paint(index);
            measured.Add(scene.ToPicture(), [.. scene.Objects.Select(Annotated)], scene.ObjectIds, cancellationToken);
            progress?.Report(index + 1);
        }

        return measured.Report;
    }

    private int ClassOf(Labels labels, string name, int place) => labels.Count == 0 ? place
        : labels.FindAll(name) is [int own, ..] ? own
            : throw new ModelException($"'{explainer.Model.ModelName}' has no class '{name}', which scenes show. " +
                "Give a network that was trained on scenes, or its labels.");

    private static AnnotatedObject Annotated(SceneObject shown) =>
        new(shown.Class, new PixelBox(shown.Box.X, shown.Box.Y, shown.Box.Width, shown.Box.Height), Difficult: false);
}
