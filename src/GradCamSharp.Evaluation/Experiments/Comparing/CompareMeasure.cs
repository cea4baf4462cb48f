using GradCamSharp.Evaluation.Experiments.Trust;
using GradCamSharp.Evaluation.Experiments.Trust.Measures;
using GradCamSharp.Evaluation.Records;
using GradCamSharp.Targets;

namespace GradCamSharp.Evaluation.Experiments.Comparing;

/// <summary>Measures the candidates that passed the gates, and repeats what the gates measured of all.</summary>
/// <param name="experiment">What is measured.</param>
/// <param name="context">What all workers of the run share.</param>
/// <param name="measurer">Measures the candidates that passed; null where none has.</param>
/// <param name="cancellationToken">Stops it in the midst of a picture.</param>
internal sealed class CompareMeasure(
    CompareExperiment experiment, RunContext context, MapMeasurer? measurer, CancellationToken cancellationToken)
    : PictureMeasure(context, cancellationToken)
{
    private readonly int gates = CompareExperiment.Gates.Count;

    protected override IReadOnlyList<PictureRow>[] Measure(IReadOnlyList<Prepared> pictures) => [.. pictures.Select(Measure)];

    private List<PictureRow> Measure(Prepared picture, int item)
    {
        string id = picture.Source.Picture.Id;
        var measured = measurer is null ? null : MeasureOn(picture, item, measurer);
        bool isFirst = experiment.IsFirst(picture.Source.Index);
        var gated = Context.Methods.Names.Select(n => isFirst ? experiment.Gated.GetValueOrDefault((id, n)) : null).ToArray();
        if (measured is null && gated.Contains(null))
            return [Unmeasured(picture)];
        return [.. Context.Methods.Names.Select((name, m) =>
            Row(picture, m, measured, measurer?.Methods.ToList().IndexOf(name) ?? -1, gated[m]))];
    }

    // A candidate that did not pass has what the gates measured alone.
    private CompareRow Row(Prepared picture, int method, MeasuredMaps? measured, int place, TrustRow? gated)
    {
        var all = new MeasureScore?[experiment.All.Count];
        gated?.Scores.ToArray().CopyTo(all, experiment.Deciding.Count);
        for (int i = 0; place >= 0 && i < measured!.Scores.Count; i++)
            all[i < experiment.Deciding.Count ? i : i + gates] = measured.Scores[i][place];
        bool isEmpty = place >= 0 ? measured!.AreEmpty[place] : gated?.Of.IsEmpty ?? false;
        return new CompareRow(
            Explained(picture, null, measured?.Class ?? gated!.Of.Class, method, measured?.Score ?? gated!.Of.Score, isEmpty),
            measured?.Probability ?? gated!.Probability, all);
    }

    private MeasuredMaps MeasureOn(Prepared picture, int item, MapMeasurer own)
    {
        var geometry = picture.Picture.Geometry;
        float[] planes = own.ToPlanes(Input(item).Span);
        var maps = own.Explain(planes, [ClassRequest.Top1], geometry);
        var boxes = experiment.ReadsAnnotations ? BoxesOf(picture, maps.Classes[0][0]) : null;
        var trial = own.Begin(picture.Source.Picture.Id, planes, maps, 0, geometry, boxes);
        return MapMeasurer.Measure(
            trial, experiment.IsFirst(picture.Source.Index) ? [.. experiment.Deciding, .. experiment.Further] : experiment.Deciding);
    }
}
