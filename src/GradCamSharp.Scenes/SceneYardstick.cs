using System.Numerics.Tensors;
using GradCamSharp.Evaluation.Metrics;
using GradCamSharp.Imaging;
using GradCamSharp.Methods;
using GradCamSharp.Targets;
using OnnxGrad;

namespace GradCamSharp.Scenes;

/// <summary>How well one method finds the objects of scenes.</summary>
/// <param name="Loc25">Mean Loc at delta 0.25 (Eq. 12), 0 to 1; null where no scene shows the predicted class twice.</param>
/// <param name="Loc50">Mean Loc at delta 0.5, 0 to 1; null as <paramref name="Loc25"/>.</param>
/// <param name="Found">
/// The share of the predicted class's objects whose box holds a pixel above 0.5; null as <paramref name="Loc25"/>.
/// </param>
/// <param name="Pointing">Pointing game: the share of single objects whose box lies within 15 px of the map's maximum.</param>
public sealed record SceneScore(double? Loc25, double? Loc50, double? Found, double Pointing);

/// <summary>What a network and its maps make of scenes it has not seen.</summary>
/// <param name="Singles">The number of scenes with one object.</param>
/// <param name="Top1">The share of them whose object's class is predicted.</param>
/// <param name="Several">The number of scenes with several objects that were looked at.</param>
/// <param name="Shown">The share of them that show the predicted class.</param>
/// <param name="Repeated">The number of them that show it at least twice: those that Loc and Found are measured on.</param>
/// <param name="Objects">The number of objects of the predicted class in these.</param>
/// <param name="Scores">The scores by method name.</param>
public sealed record SceneReport(
    int Singles, double Top1, int Several, double Shown, int Repeated, int Objects, IReadOnlyDictionary<string, SceneScore> Scores);

/// <summary>Measures maps against the truth of freshly drawn scenes, several objects of one class above all.</summary>
/// <remarks>Loc and pointing are <see cref="ObjectScore"/>'s, as in every evaluation.</remarks>
/// <param name="explainer">
/// A network whose labels are <see cref="SceneClasses.Names"/>; one without labels has them in that order. The caller disposes it.
/// </param>
/// <param name="methods">The methods to measure; maps of a layer. A pixel-space method is an <see cref="ArgumentException"/>.</param>
public sealed class SceneYardstick(PictureExplainer explainer, IReadOnlyList<ExplanationMethod> methods)
{
    private const int MostPerScene = 12;

    private static readonly double[] Deltas = [0.25, 0.5];

    private readonly IReadOnlyList<ExplanationMethod> methods = OfLayers(methods);
    private readonly Sums[] sums = [.. methods.Select(static _ => new Sums())];
    private int[] classes = [];

    /// <summary>Draws scenes and measures maps on them: as many with one object as with a predicted class shown twice or more.</summary>
    /// <param name="seed">The scenes' seed; choose one that the network was not trained on.</param>
    /// <param name="count">How many of each kind. At least 1.</param>
    /// <param name="progress">Told how many scenes of both kinds are measured, of twice the count.</param>
    /// <param name="cancellationToken">Stops between two pictures.</param>
    /// <exception cref="ModelException">The network does not take such pictures, or has other classes.</exception>
    /// <exception cref="InvalidDataException">A map holds a value that is not finite.</exception>
    public SceneReport Measure(long seed, int count, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (explainer.Model.ClassCount != SceneClasses.Names.Count)
        {
            throw new ModelException(
                $"'{explainer.Model.ModelName}' has {explainer.Model.ClassCount} classes, scenes have {SceneClasses.Names.Count}. " +
                "Give a network that was trained on scenes.");
        }

        classes = [.. SceneClasses.Names.Select(ClassOf)];
        Array.ForEach(sums, static s => s.Clear());
        int right = 0, several = 0, shown = 0, repeated = 0, objects = 0;
        var singles = new ScenePainter(new SceneOptions { Seed = seed, SingleShare = 1 });
        for (var index = 0; index < count; index++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scene = singles.Paint(index);
            if (Point(scene))
                right++;
            progress?.Report(index + 1);
        }

        var together = new ScenePainter(new SceneOptions { Seed = seed, SingleShare = 0 });
        for (; repeated < count && several < MostPerScene * count; several++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scene = together.Paint(several);
            var seen = Localize(scene);
            shown += seen > 0 ? 1 : 0;
            repeated += seen > 1 ? 1 : 0;
            objects += seen > 1 ? seen : 0;
            progress?.Report(count + repeated);
        }

        var scores = methods.Select((method, i) => (method.Name, Score: sums[i].Score(count, repeated, objects)));
        var byName = scores.ToDictionary(static s => s.Name, static s => s.Score);
        return new SceneReport(count, (double)right / count, several, (double)shown / several, repeated, objects, byName);
    }

    private static IReadOnlyList<ExplanationMethod> OfLayers(IReadOnlyList<ExplanationMethod> methods) =>
        methods.FirstOrDefault(m => m.IsPixelSpace) is not { } pixels ? methods
            : throw new ArgumentException($"Scenes measure maps of a layer; '{pixels.Name}' makes one of the input's pixels.");

    private int ClassOf(string name, int place) => explainer.Labels.Count == 0 ? place
        : (int?)explainer.Labels.Find(name) ?? throw new ModelException(
            $"'{explainer.Model.ModelName}' has no class '{name}', which scenes show. " +
            "Give a network that was trained on scenes, or its labels.");

    // The pointing game, for the object's own class. True where the network predicts that class.
    private bool Point(Scene scene)
    {
        var truth = scene.Objects[0];
        var label = classes[SceneClasses.Names.ToList().IndexOf(truth.Class)];
        var (best, maps) = Maps(scene, ClassRequest.Index(label));
        for (var m = 0; m < maps.Count; m++)
        {
            if (ScoreOf(maps[m], [Box(truth)]).IsHit)
                sums[m].Hits++;
        }

        return best == label;
    }

    // Loc and the objects found, for the predicted class where it is shown at least twice. How often it is shown.
    private int Localize(Scene scene)
    {
        var (best, maps) = Maps(scene, ClassRequest.Top1);
        var boxes = scene.Objects.Where(o => o.Class == SceneClasses.Names[Array.IndexOf(classes, best)]).Select(Box).ToArray();
        if (boxes.Length < 2)
            return boxes.Length;

        for (var m = 0; m < maps.Count; m++)
        {
            var map = maps[m].HeatMap;
            var score = ScoreOf(maps[m], boxes);
            sums[m].Loc25 += score.Loc(0);
            sums[m].Loc50 += score.Loc(1);
            sums[m].Found += boxes.Count(box => HoldsEvidence(map, box));
        }

        return boxes.Length;
    }

    private (int Best, IReadOnlyList<Explanation> Maps) Maps(Scene scene, ClassRequest request)
    {
        var result = explainer.Explain(scene.ToPicture(), methods, [request]);
        var scores = result.Batch.Scores[0];
        return (scores.IndexOf(scores.Max()), result.Explanations);
    }

    private static ObjectScore ScoreOf(Explanation explanation, IReadOnlyList<PixelBox> boxes) =>
        ObjectScore.Of(explanation.HeatMap.Values, explanation.HeatMap.Size, boxes, Deltas);

    // Whether a box holds a pixel above 0.5.
    private static bool HoldsEvidence(HeatMap map, PixelBox box)
    {
        for (var y = box.Y; y < box.Y + box.Height; y++)
        {
            if (TensorPrimitives.Max(map.Values.Slice((y * map.Size.Width) + box.X, box.Width)) > 0.5f)
                return true;
        }

        return false;
    }

    private static PixelBox Box(SceneObject shown) => new(shown.Box.X, shown.Box.Y, shown.Box.Width, shown.Box.Height);

    private sealed class Sums
    {
        public double Loc25 { get; set; }

        public double Loc50 { get; set; }

        public int Found { get; set; }

        public int Hits { get; set; }

        public void Clear() => (Loc25, Loc50, Found, Hits) = (0, 0, 0, 0);

        public SceneScore Score(int singles, int scenes, int objects) =>
            new(scenes == 0 ? null : Loc25 / scenes, scenes == 0 ? null : Loc50 / scenes, objects == 0 ? null : (double)Found / objects,
                (double)Hits / singles);
    }
}
