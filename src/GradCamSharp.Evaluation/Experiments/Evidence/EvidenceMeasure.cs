using GradCamSharp.Evaluation.Records;
using GradCamSharp.Methods;
using GradCamSharp.Runtime;
using GradCamSharp.Targets;
using OnnxGrad;

namespace GradCamSharp.Evaluation.Experiments.Evidence;

/// <summary>Keeps the evidence of pictures: the map and each channel's part of the score, by one run of one graph.</summary>
internal sealed class EvidenceMeasure(
    EvidenceExperiment experiment, RunContext context, ExplanationMethod parts, CancellationToken cancellationToken)
    : PictureMeasure(context, cancellationToken)
{
    private readonly float[] probabilities = new float[context.Model.ClassCount];

    /// <summary>The height and width of the maps.</summary>
    /// <exception cref="ModelException">The layer's maps have not two axes.</exception>
    public static (int Height, int Width) Size(RunContext context, MapBatch maps)
    {
        var shape = maps.Maps[context.Methods.All[0].Method!].Shape;
        return shape.Rank == 4 ? ((int)shape[2], (int)shape[3])
            : throw new ModelException($"The layer's maps have the shape {shape}; on a picture they need two axes. Choose another layer.");
    }

    protected override IReadOnlyList<PictureRow>[] Measure(IReadOnlyList<Prepared> pictures)
    {
        if (!experiment.ExplainsLabel)
        {
            var maps = Explain(pictures.Count, [ClassRequest.Top1]);
            return [.. pictures.Select((picture, item) => (IReadOnlyList<PictureRow>)[Row(picture, maps, item, null)])];
        }

        // Each picture has a class of its own, so a batch is one picture.
        var picture = pictures[0];
        var classes = new DataSetClasses(Context.Mapping, () => [.. Predict(Input(0), 1, "the picture")[0]]);
        foreach (string name in Context.Data.ClassesOf(picture.Source.Picture))
        {
            if (classes[name] is { } @class)
                return [[Row(picture, Explain(1, [ClassRequest.Index(@class)]), 0, name)]];
        }

        return [[Unmeasured(picture)]];
    }

    private EvidenceRow Row(Prepared picture, MapBatch maps, int item, string? name)
    {
        var (height, width) = Size(Context, maps);
        long @class = maps.Classes[item][0];
        float probability = Context.Probability(maps.Scores[item].AsSpan(), @class, probabilities);
        float[] map = maps.Maps[Context.Methods.All[0].Method!][item, 0].ToArray();
        for (int i = 0; i < map.Length; i++)
            map[i] = Math.Max(0, map[i]);
        var values = CompactValues.Of(map);
        var row = new EvidenceRow(
            Explained(picture, name, @class, 0, maps.Scores[item][(int)@class], values.Scale == 0), probability,
            picture.Picture.Geometry, height, width, values, CompactValues.Of(maps.Maps[parts][item, 0]));
        return row.IsFinite ? row
            : throw new InvalidDataException($"The map of {picture.Source.Picture.Id} is not of finite numbers.");
    }
}
