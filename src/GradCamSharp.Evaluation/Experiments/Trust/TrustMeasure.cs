using GradCamSharp.Evaluation.DataSets;
using GradCamSharp.Evaluation.Experiments.Trust.Measuring;
using GradCamSharp.Evaluation.Records;
using GradCamSharp.Imaging;
using GradCamSharp.Targets;

namespace GradCamSharp.Evaluation.Experiments.Trust;

/// <summary>Measures the maps of pictures, one picture at a time.</summary>
internal sealed class TrustMeasure : PictureMeasure
{
    private readonly TrustExperiment experiment;
    private readonly MapMeasurer measurer;
    private readonly IReadOnlyList<ClassRequest> requests;

    public TrustMeasure(TrustExperiment experiment, RunContext context, CancellationToken cancellationToken)
        : base(context, cancellationToken)
    {
        this.experiment = experiment;
        measurer = experiment.Measurer(context, cancellationToken);
        requests = experiment.Requests(context);
    }

    protected override IReadOnlyList<PictureRow>[] Measure(IReadOnlyList<Prepared> pictures) => [.. pictures.Select(Measure)];

    private List<PictureRow> Measure(Prepared picture, int item)
    {
        float[] planes = measurer.ToPlanes(Input(item).Span);
        var geometry = picture.Picture.Geometry;
        var maps = measurer.Explain(planes, requests, geometry);
        var rows = new List<PictureRow>();
        if (experiment.Classes == TrustClasses.Predicted)
        {
            AddRows(picture, planes, maps, 0, null, experiment.ReadsAnnotations ? BoxesOf(picture, maps.Classes[0][0]) : null, rows);
            return rows;
        }

        var objects = Context.Data.Objects(picture.Source.Picture);
        foreach (var group in objects.GroupBy(o => o.Class, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var own = Context.Mapping.IndicesOf(group.Key);
            // Where several of the model's classes are the data set's one, the most probable.
            int place = maps.Classes[0].ToList().FindIndex(index => own.Contains((int)index));
            if (place < 0)
                rows.Add(Unmeasured(picture, group.Key));
            else
                AddRows(picture, planes, maps, place, group.Key, [.. group.Select(o => o.Box)], rows);
        }

        if (rows.Count == 0)
            rows.Add(Unmeasured(picture));
        return rows;
    }

    private void AddRows(
        Prepared picture, float[] planes, PassMaps maps, int place, string? name, IReadOnlyList<PixelBox>? boxes, List<PictureRow> rows)
    {
        string id = picture.Source.Picture.Id;
        var trial = measurer.Begin(id, planes, maps, place, picture.Picture.Geometry, boxes, count => Others(picture.Source, count));
        var measured = MapMeasurer.Measure(trial, experiment.Measures);
        for (int m = 0; m < Context.Methods.Count; m++)
        {
            rows.Add(new TrustRow(
                Explained(picture, name, measured.Class, m, measured.Score, measured.AreEmpty[m]), measured.Probability,
                [.. measured.Scores.Select(scores => scores[m])]));
        }
    }

    // The maps of the run's next pictures; after the last comes the first.
    private IReadOnlyList<IReadOnlyList<float[]>?> Others(RunPicture picture, int count)
    {
        var all = Context.All;
        int here = all.ToList().FindIndex(p => p.Index == picture.Index);
        return [.. Enumerable.Range(1, count).Select(i => i < all.Count ? MapsOf(all[(here + i) % all.Count].Picture) : null)];
    }

    private IReadOnlyList<float[]>? MapsOf(DataSetPicture picture)
    {
        try
        {
            var prepared = Context.Explainer.Preprocessing.Prepare(picture.Path);
            if (prepared.Input.Width * prepared.Input.Height * Context.Explainer.Channels != Context.InputLength)
                return null;
            float[] input = new float[Context.InputLength];
            prepared.WriteTo(input, Context.Explainer.Channels, Context.Model.Input.IsChannelsLast);
            float[] planes = measurer.ToPlanes(input);
            var maps = measurer.Explain(planes, [ClassRequest.Top1], prepared.Geometry);
            return [.. measurer.AllMaps(picture.Id, maps, 0, prepared.Geometry).Select(m => m.AtInput.ToArray())];
        }
        catch (Exception e) when (Failures.Of(e) == FailureKind.Permanent)
        {
            // It has a row of its own that says so.
            return null;
        }
    }
}
