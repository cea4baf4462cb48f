using GradCamSharp.Errors;
using GradCamSharp.Evaluation.DataSets;
using GradCamSharp.Evaluation.Metrics;
using GradCamSharp.Heads;
using GradCamSharp.Imaging;
using GradCamSharp.Methods;
using GradCamSharp.Targets;
using OnnxGrad;

namespace GradCamSharp.Evaluation.Experiments.Localization;

/// <summary>How well one method's maps tell one object from the others.</summary>
/// <param name="Own">The mean share of a map's sum on its own object, 0 to 1; null where no object was found.</param>
/// <param name="Others">The mean share on other objects, 0 to 1; null where no object was found.</param>
/// <param name="Pointing">The share of maps whose maximum lies on their own object, 0 to 1; null where no object was found.</param>
/// <param name="Empty">The number of maps without a positive value. They count as 0.</param>
public sealed record TargetScores(double? Own, double? Others, double? Pointing, int Empty);

/// <summary>What a detector or segmenter, and its maps, make of annotated objects.</summary>
/// <param name="Task">detect, segment ...: what the model does.</param>
/// <param name="Pictures">The number of pictures.</param>
/// <param name="Objects">The number of objects in them; of a segmenter the number of classes that the pictures show.</param>
/// <param name="Found">How many of them the model found: those that are explained.</param>
/// <param name="Scores">The scores by method name.</param>
public sealed record TargetLocalizationReport(
    string Task, int Pictures, int Objects, int Found, IReadOnlyDictionary<string, TargetScores> Scores);

/// <summary>
/// Measures whether the map of one object lies on that object. A detector's box is explained for every annotated object that a detection of
/// its class overlaps by half (intersection over union); a segmenter's mask for every class that is shown and has pixels.
/// </summary>
/// <remarks>Not for several threads at once.</remarks>
public sealed class TargetLocalization
{
    private const double LeastOverlap = 0.5;

    private readonly PictureTargets explainer;
    private readonly IReadOnlyList<ExplanationMethod> methods;
    private readonly Func<string, IReadOnlyList<int>> classesOf;
    private readonly string task;
    private readonly (double Own, double Others, int Hits, int Empty)[] sums;
    private int pictures, objects, found;

    /// <summary>Begins a measurement.</summary>
    /// <param name="explainer">A detector or a segmenter. The caller disposes it.</param>
    /// <param name="methods">The methods to measure: maps of a layer. One of pixel space is an <see cref="ArgumentException"/>.</param>
    /// <param name="classesOf">The model's classes that a class of the annotation is; none where it has no such class.</param>
    /// <exception cref="ModelException">The model neither detects nor segments.</exception>
    public TargetLocalization(PictureTargets explainer, IReadOnlyList<ExplanationMethod> methods,
        Func<string, IReadOnlyList<int>> classesOf)
    {
        ArgumentNullException.ThrowIfNull(explainer);
        ArgumentNullException.ThrowIfNull(methods);
        ArgumentNullException.ThrowIfNull(classesOf);
        this.explainer = explainer;
        this.methods = methods;
        this.classesOf = classesOf;
        if (methods.FirstOrDefault(m => m.IsPixelSpace) is { } pixels)
            throw new ArgumentException($"Maps of a layer are measured; '{pixels.Name}' makes one of the input's pixels.", nameof(methods));
        task = explainer.Model.Describe().Task;
        sums = new (double, double, int, int)[methods.Count];
        if (!Detects && task != "segment")
        {
            throw new ModelException($"The outputs of '{explainer.Model.ModelName}' are read as '{task}': neither boxes nor a class a " +
                "pixel. " +
                "Give a detector or a segmenter.");
        }
    }

    /// <summary>What was measured so far.</summary>
    public TargetLocalizationReport Report => new(task, pictures, objects, found, methods.Zip(sums).ToDictionary(
        m => m.First.Name, m => found == 0 ? new TargetScores(null, null, null, 0)
            : new TargetScores(m.Second.Own / found, m.Second.Others / found, (double)m.Second.Hits / found, m.Second.Empty)));

    private bool Detects => task is "detect" or "detect rotated" or "segment instances" or "pose";

    /// <summary>Measures one picture.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="shown">Its annotated objects.</param>
    /// <param name="ids">
    /// For every pixel, row by row, the place of the object that is seen there, from 1, 0 for none: a segmenter is then measured on pixels.
    /// Empty where only boxes are known.
    /// </param>
    /// <param name="cancellationToken">Stops the run.</param>
    public void Add(
        Picture picture, IReadOnlyList<AnnotatedObject> shown, ReadOnlySpan<byte> ids = default,
            CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(shown);
        var size = new PixelSize(picture.Width, picture.Height);
        if (!ids.IsEmpty && ids.Length != size.Width * size.Height)
            throw new ArgumentException("There is one id for every pixel of the picture.", nameof(ids));
        bool[][] places = new bool[shown.Count][];
        for (int k = 0; k < places.Length; k++)
            places[k] = ids.IsEmpty || Detects ? Pixels(shown[k].Box, size) : Pixels(ids, k + 1);
        pictures++;
        objects += Detects ? shown.Count : shown.Select(o => o.Class).Distinct(StringComparer.Ordinal).Count();
        if (Detects)
        {
            var asked = Boxes(shown, explainer.Read(picture, cancellationToken: cancellationToken).Detections);
            if (asked.Count > 0)
                Measure(picture, asked, places, cancellationToken);
            return;
        }

        foreach (string name in shown.Select(o => o.Class).Distinct(StringComparer.Ordinal))
        {
            if (classesOf(name) is not [int index, ..])
                continue;
            var own = Enumerable.Range(0, shown.Count).Where(k => shown[k].Class == name).ToHashSet();
            try
            {
                Measure(picture, [(new ClassTarget(Choice.At(index), Place.Mask), own)], places, cancellationToken);
            }
            catch (ExplanationException e) when (e.Kind == ExplanationError.UnknownTarget)
            {
                // No pixel is given to the class: it is not found.
            }
        }
    }

    private void Measure(
        Picture picture, List<(Target Target, HashSet<int> Own)> asked, bool[][] places, CancellationToken cancellationToken)
    {
        var size = new PixelSize(picture.Width, picture.Height);
        var result = explainer.Explain(picture, methods, [.. asked.Select(a => a.Target)], cancellationToken: cancellationToken);
        found += asked.Count;
        for (int e = 0; e < result.Explanations.Count; e++)
        {
            var (own, map) = (asked[e / methods.Count].Own, result.Explanations[e].HeatMap);
            var share = EvidenceShare.Of(map.Values, Union(places, size, own.Contains), Union(places, size, k => !own.Contains(k)));
            ref var sum = ref sums[e % methods.Count];
            sum = (sum.Own + share.Own, sum.Others + share.Others, sum.Hits + (share.IsHit ? 1 : 0), sum.Empty + (map.IsEmpty ? 1 : 0));
        }
    }

    // Each detection is one object's: that of the best overlap, the most confident detection first.
    private List<(Target Target, HashSet<int> Own)> Boxes(IReadOnlyList<AnnotatedObject> shown, IReadOnlyList<Detection> detections)
    {
        var asked = new List<(Target, HashSet<int>)>();
        var taken = new HashSet<int>();
        foreach (var detection in detections)
        {
            var best = Enumerable.Range(0, shown.Count).Where(k => !taken.Contains(k)
                && classesOf(shown[k].Class).Contains((int)detection.Class))
                .Select(k => (Place: k, Overlap: detection.Box.Overlap(Edges(shown[k].Box))))
                .Where(o => o.Overlap >= LeastOverlap).OrderByDescending(o => o.Overlap).Take(1).ToList();
            if (best is not [var (place, _)])
                continue;
            taken.Add(place);
            asked.Add((new BoxTarget(new RankedBox(detection.Index)), [place]));
        }

        return asked;
    }

    private static BoxEdges Edges(PixelBox box) => new(box.X, box.Y, box.X + box.Width, box.Y + box.Height);

    private static bool[] Pixels(PixelBox box, PixelSize size)
    {
        bool[] pixels = new bool[size.Width * size.Height];
        for (int y = Math.Max(0, box.Y); y < Math.Min(size.Height, box.Y + box.Height); y++)
        {
            for (int x = Math.Max(0, box.X); x < Math.Min(size.Width, box.X + box.Width); x++)
                pixels[(y * size.Width) + x] = true;
        }

        return pixels;
    }

    private static bool[] Pixels(ReadOnlySpan<byte> ids, int id)
    {
        bool[] pixels = new bool[ids.Length];
        for (int i = 0; i < ids.Length; i++)
            pixels[i] = ids[i] == id;
        return pixels;
    }

    private static bool[] Union(bool[][] places, PixelSize size, Func<int, bool> isChosen)
    {
        bool[] union = new bool[size.Width * size.Height];
        for (int k = 0; k < places.Length; k++)
        {
            if (!isChosen(k))
                continue;
            for (int i = 0; i < union.Length; i++)
                union[i] |= places[k][i];
        }

        return union;
    }
}
