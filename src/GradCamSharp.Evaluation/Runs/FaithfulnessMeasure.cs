using GradCamSharp.Evaluation.Records;
using GradCamSharp.Runtime;
using GradCamSharp.Targets;

namespace GradCamSharp.Evaluation.Runs;

/// <summary>
/// How faithful maps are to the model (section 4.1): the class's probability on the picture and on the explanation map E = L o I (Eq. 11).
/// </summary>
internal sealed class FaithfulnessMeasure : PictureMeasure
{
    private readonly float[] probabilities;
    private readonly PixelCurves? curves;
    private float[] masked = [];

    public FaithfulnessMeasure(RunContext context, CancellationToken cancellationToken)
        : base(context, cancellationToken)
    {
        probabilities = new float[context.Model.ClassCount];
        curves = context.Manifest.Metrics.Count > 0 ? new PixelCurves(context, Predict) : null;
    }

    protected override IReadOnlyList<MeasurementRecord>[] Measure(IReadOnlyList<Prepared> pictures)
    {
        List<MeasurementRecord>[] rows = [.. pictures.Select(_ => new List<MeasurementRecord>())];
        if (Context.Options.Classes == ExplainedClasses.Predicted)
        {
            Measure(pictures, Explain(pictures.Count, [ClassRequest.Top1]), [null], rows);
            return rows;
        }

        // Each picture has classes of its own, so a batch is one picture.
        var known = new List<(string Name, long Class)>();
        foreach (string name in Context.Data.ClassesOf(pictures[0].Source.Picture))
        {
            if (ClassOf(name) is { } @class)
                known.Add((name, @class));
            else
                rows[0].Add(Row(pictures[0], name));
        }

        if (known.Count > 0)
            Measure(pictures, Explain(1, [.. known.Select(k => ClassRequest.Index(k.Class))]), [.. known.Select(k => k.Name)], rows);
        else if (rows[0].Count == 0)
            rows[0].Add(Row(pictures[0]));
        return rows;

        // Where several of the model's classes are the data set's one, the most probable.
        long? ClassOf(string name)
        {
            var indices = Context.Mapping.IndicesOf(name);
            if (indices.Count < 2)
                return indices.Count == 0 ? null : indices[0];
            float[] scores = Predict(Input(0), 1)[0];
            return indices.MaxBy(i => scores[i]);
        }
    }

    private void Measure(IReadOnlyList<Prepared> pictures, MapBatch maps, IReadOnlyList<string?> names, List<MeasurementRecord>[] rows)
    {
        int length = Context.InputLength, count = pictures.Count * names.Count * Context.Methods.Count;
        if (masked.Length < count * length)
            masked = new float[count * length];

        // One batch of all explanation maps: picture by picture, class by class, method by method.
        var measured = new List<MeasurementRecord>(count);
        for (int item = 0; item < pictures.Count; item++)
        {
            var picture = pictures[item].Picture;
            for (int c = 0; c < names.Count; c++)
            {
                long @class = maps.Classes[item][c];
                float probability = Context.Probability(maps.Scores[item], @class, probabilities);
                for (int m = 0; m < Context.Methods.Count; m++)
                {
                    var mask = Context.Methods.AtInput(m, maps, item, c, picture, out bool isEmpty);
                    var slot = masked.AsSpan(measured.Count * length, length);
                    picture.Mask(Input(item).Span, mask, slot, Context.Model.Input.IsChannelsLast, Context.Options.MaskSpace);
                    var row = Row(pictures[item], names[c], @class);
                    row.Method = Context.Methods.Names[m];
                    row.Probability = probability;
                    row.Score = maps.Scores[item][@class];
                    row.IsEmpty = isEmpty;
                    curves?.Measure(row, picture, Input(item).Span, mask);
                    rows[item].Add(row);
                    measured.Add(row);
                }
            }
        }

        float[][] scores = Predict(masked.AsMemory(0, count * length), count);
        for (int i = 0; i < count; i++)
            measured[i].Masked = Context.Probability(scores[i], measured[i].Class!.Value, probabilities);
    }
}
