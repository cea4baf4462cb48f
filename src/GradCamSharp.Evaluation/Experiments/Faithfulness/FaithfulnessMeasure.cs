using GradCamSharp.Evaluation.Records;
using GradCamSharp.Runtime;
using GradCamSharp.Targets;

namespace GradCamSharp.Evaluation.Experiments.Faithfulness;

/// <summary>
/// How faithful maps are to the model (section 4.1): the class's probability on the picture and on the explanation map E = L o I (Eq. 11).
/// </summary>
internal sealed class FaithfulnessMeasure : PictureMeasure
{
    private readonly FaithfulnessExperiment experiment;
    private readonly float[] probabilities;
    private readonly PixelCurves? curves;
    private float[] masked = [];

    public FaithfulnessMeasure(FaithfulnessExperiment experiment, RunContext context, CancellationToken cancellationToken)
        : base(context, cancellationToken)
    {
        this.experiment = experiment;
        probabilities = new float[context.Model.ClassCount];
        curves = experiment.Curves.Count > 0 ? new PixelCurves(experiment, context, Predict) : null;
    }

    protected override IReadOnlyList<PictureRow>[] Measure(IReadOnlyList<Prepared> pictures)
    {
        List<PictureRow>[] rows = [.. pictures.Select(_ => new List<PictureRow>())];
        if (experiment.Classes == ExplainedClasses.Predicted)
        {
            Measure(pictures, Explain(pictures.Count, [ClassRequest.Top1]), [null], rows);
            return rows;
        }

        // Each picture has classes of its own, so a batch is one picture.
        var known = new List<(string Name, long Class)>();
        var classes = new DataSetClasses(Context.Mapping, () => [.. Predict(Input(0), 1, "the picture")[0]]);
        foreach (string name in Context.Data.ClassesOf(pictures[0].Source.Picture))
        {
            if (classes[name] is { } @class)
                known.Add((name, @class));
            else
                rows[0].Add(Unmeasured(pictures[0], name));
        }

        if (known.Count > 0)
            Measure(pictures, Explain(1, [.. known.Select(k => ClassRequest.Index(k.Class))]), [.. known.Select(k => k.Name)], rows);
        else if (rows[0].Count == 0)
            rows[0].Add(Unmeasured(pictures[0]));
        return rows;
    }

    private void Measure(IReadOnlyList<Prepared> pictures, MapBatch maps, IReadOnlyList<string?> names, List<PictureRow>[] rows)
    {
        int length = Context.InputLength, methods = Context.Methods.Count, count = pictures.Count * names.Count * methods;
        if (masked.Length < count * length)
            masked = new float[count * length];

        // One batch of all explanation maps: picture by picture, class by class, method by method.
        var measured = new List<(int Item, FaithfulnessRow Row)>(count);
        for (int item = 0; item < pictures.Count; item++)
        {
            var picture = pictures[item].Picture;
            for (int c = 0; c < names.Count; c++)
            {
                long @class = maps.Classes[item][c];
                float probability = Context.Probability(maps.Scores[item].AsSpan(), @class, probabilities);
                for (int m = 0; m < methods; m++)
                {
                    var mask = Context.Methods.AtInput(m, maps, item, c, picture, out bool isEmpty);
                    var slot = masked.AsSpan(measured.Count * length, length);
                    picture.Mask(Input(item).Span, mask, slot, Context.Model.Input.IsChannelsLast, experiment.MaskSpace);
                    var areas = curves?.Measure(@class, picture, Input(item).Span, mask, Context.Methods.Names[m]);
                    var explained = Explained(pictures[item], names[c], @class, m, maps.Scores[item][(int)@class], isEmpty);
                    measured.Add((item, new FaithfulnessRow(explained, probability, 0, areas?.Insertion, areas?.Deletion)));
                }
            }
        }

        var scores = Predict(masked.AsMemory(0, count * length), count, "an explanation map");
        for (int i = 0; i < count; i++)
        {
            var (item, row) = measured[i];
            rows[item].Add(row with { Masked = Context.Probability(scores[i].AsSpan(), row.Of.Class, probabilities) });
        }
    }
}
