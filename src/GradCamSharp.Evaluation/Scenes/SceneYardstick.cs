using GradCamSharp.Evaluation.Metrics;
using GradCamSharp.Imaging;
using GradCamSharp.Methods;
using GradCamSharp.Targets;
using OnnxGrad;

namespace GradCamSharp.Evaluation.Scenes;

/// <summary>How well one method finds the objects of scenes.</summary>
/// <param name="Loc25">Mean Loc at delta 0.25 (Eq. 12), 0 to 1.</param>
/// <param name="Loc50">Mean Loc at delta 0.5, 0 to 1.</param>
/// <param name="Found">The share of the predicted class's objects whose box holds a pixel above 0.5.</param>
/// <param name="Pointing">Pointing game: the share of single objects whose box lies within 15 px of the map's maximum.</param>
public sealed record SceneScore(double Loc25, double Loc50, double Found, double Pointing);

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
/// <param name="explainer">A network whose labels are <see cref="SceneClasses.Names"/>. The caller disposes it.</param>
/// <param name="preprocessing">What is done to a picture before the network sees it.</param>
/// <param name="methods">The methods to measure; maps of a layer. A pixel-space method is an <see cref="ArgumentException"/>.</param>
public sealed class SceneYardstick(Explainer explainer, Preprocessing preprocessing, IReadOnlyList<ExplanationMethod> methods)
{
    private const int MostPerScene = 12;

    private readonly IReadOnlyList<ExplanationMethod> methods = OfLayers(methods);
    private readonly Sums[] sums = [.. methods.Select(static _ => new Sums())];

    /// <summary>Draws scenes and measures maps on them: as many with one object as with a predicted class shown twice or more.</summary>
    /// <param name="seed">The scenes' seed; choose one that the network was not trained on.</param>
    /// <param name="count">How many of each kind. At least 1.</param>
    /// <param name="progress">Told how many scenes of both kinds are measured, of twice the count.</param>
    /// <param name="cancellationToken">Stops between two pictures.</param>
    /// <exception cref="ModelException">The network does not take such pictures, or has other classes.</exception>
    public SceneReport Measure(long seed, int count, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (explainer.ClassCount != SceneClasses.Names.Count)
        {
            throw new ModelException(
                $"'{explainer.ModelName}' has {explainer.ClassCount} classes, scenes have {SceneClasses.Names.Count}. " +
                "Give a network that was trained on scenes.");
        }

        Array.ForEach(sums, static s => s.Clear());
        int right = 0, several = 0, shown = 0, repeated = 0, objects = 0;
        var alone = new ScenePainter(new SceneOptions { Seed = seed, SingleShare = 1 });
        for (var index = 0; index < count; index++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scene = alone.Paint(index);
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

    // The pointing game, for the object's own class. True where the network predicts that class.
    private bool Point(Scene scene)
    {
        var truth = scene.Objects[0];
        var label = SceneClasses.Names.ToList().IndexOf(truth.Class);
        var (best, maps) = Maps(scene, ClassRequest.Index(label));
        for (var m = 0; m < maps.Length; m++)
        {
            if (PointingGame.Hit(maps[m], new PixelSize(scene.Size, scene.Size), [Box(truth)]))
                sums[m].Hits++;
        }

        return best == label;
    }

    // Loc and the objects found, for the predicted class where it is shown at least twice. How often it is shown.
    private int Localize(Scene scene)
    {
        var (best, maps) = Maps(scene, ClassRequest.Top1);
        var boxes = scene.Objects.Where(o => o.Class == SceneClasses.Names[best]).Select(Box).ToArray();
        if (boxes.Length < 2)
            return boxes.Length;

        for (var m = 0; m < maps.Length; m++)
        {
            var map = maps[m];
            var terms = Localization.Terms(map, new PixelSize(scene.Size, scene.Size), boxes, [0.25, 0.5]);
            sums[m].Loc25 += terms[0].Loc;
            sums[m].Loc50 += terms[1].Loc;
            sums[m].Found += boxes.Count(box => Pixels(box, scene.Size).Any(i => map[i] > 0.5f));
        }

        return boxes.Length;
    }

    private (int Best, float[][] Maps) Maps(Scene scene, ClassRequest request)
    {
        var prepared = preprocessing.Prepare(ToPicture(scene));
        var tensor = new float[3 * prepared.Input.Width * prepared.Input.Height];
        prepared.WriteTo(tensor);
        var result = explainer.Explain(tensor, new Shape(1, 3, prepared.Input.Height, prepared.Input.Width), methods, [request]);
        var scores = result.Scores[0];
        var maps = methods.Select(method =>
        {
            var raw = result.Maps[method];
            return HeatMap.FromRaw(raw[0, 0], (int)raw.Shape[2], (int)raw.Shape[3], prepared.Geometry).Values.ToArray();
        });
        return (Array.IndexOf(scores, scores.Max()), [.. maps]);
    }

    private static IEnumerable<int> Pixels(PixelBox box, int side) =>
        from y in Enumerable.Range(box.Y, box.Height) from x in Enumerable.Range(box.X, box.Width) select (y * side) + x;

    private static PixelBox Box(SceneObject shown) => new(shown.Box.X, shown.Box.Y, shown.Box.Width, shown.Box.Height);

    private static Picture ToPicture(Scene scene)
    {
        var rgb = new byte[scene.Size * scene.Size * 3];
        for (var i = 0; i < scene.ObjectIds.Length; i++)
            scene.Rgba.Slice(i * 4, 3).CopyTo(rgb.AsSpan(i * 3));

        return new Picture(scene.Size, scene.Size, rgb);
    }

    private sealed class Sums
    {
        public double Loc25 { get; set; }

        public double Loc50 { get; set; }

        public int Found { get; set; }

        public int Hits { get; set; }

        public void Clear() => (Loc25, Loc50, Found, Hits) = (0, 0, 0, 0);

        public SceneScore Score(int singles, int scenes, int objects) =>
            new(Loc25 / scenes, Loc50 / scenes, (double)Found / objects, (double)Hits / singles);
    }
}
