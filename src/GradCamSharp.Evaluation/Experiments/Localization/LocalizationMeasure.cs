using GradCamSharp.Evaluation.DataSets;
using GradCamSharp.Evaluation.Metrics;
using GradCamSharp.Evaluation.Records;
using GradCamSharp.Imaging;
using GradCamSharp.Runtime;
using GradCamSharp.Targets;

namespace GradCamSharp.Evaluation.Experiments.Localization;

/// <summary>
/// How well maps find the objects of classes that are among the model's top 5 (section 4.3): the terms of Eq. 12, and the pointing game.
/// </summary>
internal sealed class LocalizationMeasure(LocalizationExperiment experiment, RunContext context, CancellationToken cancellationToken)
    : PictureMeasure(context, cancellationToken)
{
    private readonly IReadOnlyList<ClassRequest> requests =
        ClassRequest.Top((int)Math.Min(LocalizationExperiment.Top, context.Model.ClassCount));

    private readonly double[] deltas = [.. experiment.RecordedDeltas];

    protected override IReadOnlyList<PictureRow>[] Measure(IReadOnlyList<Prepared> pictures)
    {
        var maps = Explain(pictures.Count, requests);
        return [.. pictures.Select((picture, item) => Measure(picture, maps, item))];
    }

    private List<PictureRow> Measure(Prepared picture, MapBatch maps, int item)
    {
        var rows = new List<PictureRow>();
        var objects = Context.Data.Objects(picture.Source.Picture);
        foreach (var group in objects.GroupBy(o => o.Class, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            ThrowIfOutside(group, picture);
            var own = Context.Mapping.IndicesOf(group.Key);
            // Where several of the model's classes are the data set's one, the most probable.
            int place = maps.Classes[item].ToList().FindIndex(index => own.Contains((int)index));
            if (place < 0)
            {
                rows.Add(Unmeasured(picture, group.Key));
                continue;
            }

            PixelBox[] boxes = [.. group.Select(o => o.Box)];
            for (int m = 0; m < Context.Methods.Count; m++)
                rows.Add(Measure(picture, maps, item, place, m, group.Key, boxes));
        }

        if (rows.Count == 0)
            rows.Add(Unmeasured(picture));
        return rows;
    }

    // An annotation of another picture, or of this one before it was cut or turned: its Loc would be 0 whatever the map.
    private static void ThrowIfOutside(IEnumerable<AnnotatedObject> objects, Prepared picture)
    {
        var size = picture.Picture.Geometry.Original;
        foreach (var (name, box, _) in objects)
        {
            if (box.X < size.Width && box.Y < size.Height && box.X + (long)box.Width > 0 && box.Y + (long)box.Height > 0)
                continue;
            throw new InvalidDataException(FormattableString.Invariant(
                $"{picture.Source.Picture.Id}: the {name}'s box begins at {box.X}, {box.Y}, outside the picture of {size} pixels. ") +
                "Correct its annotation.");
        }
    }

    private LocalizationRow Measure(Prepared picture, MapBatch maps, int item, int place, int method, string name, PixelBox[] boxes)
    {
        long @class = maps.Classes[item][place];
        var map = Context.Methods.OnPicture(method, maps, item, place, picture.Picture, out bool isEmpty);
        var objects = ObjectScore.Of(map, picture.Picture.Geometry.Original, boxes, deltas);
        return new LocalizationRow(Explained(picture, name, @class, method, maps.Scores[item][(int)@class], isEmpty), place + 1, objects);
    }
}
