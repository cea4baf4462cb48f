using System.Globalization;
using System.Text.RegularExpressions;
using OnnxGrad;

namespace GradCamSharp.Heads.Families;

// What such rows are recognised by.
internal sealed partial class RowDetector
{
    public static RowDetector? Recognize(HeadContext context)
    {
        // Of two heads of one shape the last is the main one (YOLOv9).
        foreach (var output in context.Outputs.Reverse().Where(o => o.IsFloat && o.Shape.Rank == 3 && context.HasBatch(o)))
        {
            foreach (bool isTransposed in (bool[])[true, false])
            {
                long numbers = output.Shape[isTransposed ? 1 : 2].Value, count = output.Shape[isTransposed ? 2 : 1].Value;
                if (numbers >= 5 && numbers <= count && context.LevelsOf(count) is not null
                    && Recognize(context, output, isTransposed, numbers) is { } head)
                    return head;
            }
        }

        return null;
    }

    private static RowDetector? Recognize(HeadContext context, OutputInfo output, bool isTransposed, long numbers)
    {
        var squashed = new bool[numbers];
        var source = new ElementSource[numbers];
        for (int i = 0; i < numbers; i++)
        {
            source[i] = isTransposed ? context.Source(output, 0, i, 0) : context.Source(output, 0, 0, i);
            squashed[i] = source[i].Squashing is not null;
        }

        // Classes are what passes a sigmoid; boxes do not, or are computed from what does.
        if (squashed[0] || !(squashed[4] || (numbers > 5 && squashed[5])))
            return null;
        int first = Array.FindIndex(squashed, s => s);
        int last = first;
        while (last + 1 < numbers && squashed[last + 1])
            last++;
        var prototypes = context.Outputs.FirstOrDefault(o => o.IsFloat && o.Shape.Rank == 4 && context.HasBatch(o)
            && o.Shape[1].Value < numbers - 4 && (context.Metadata.GetValueOrDefault("task") == "segment" || o.Shape[1].Value >= 8)
                && o.Shape[2].Value * 4 >= context.InputSize.Height / 4);
        var shape = KeypointShape(context);
        int extra = prototypes is not null ? (int)prototypes.Shape[1].Value : shape.Count * shape.Numbers;
        bool hasAngle = context.Metadata.GetValueOrDefault("task") == "obb";
        if (hasAngle)
            extra = 1;
        // Of the numbers behind the classes some may be squashed too: visibilities, angles.
        int scores = (int)numbers - 4 - extra;
        if (scores < 1 || (first == 5 && squashed[4]))
            return null;
        bool hasObjectness = scores > 1 && (context.Labels.Count == scores - 1
            || (context.Labels.Count != scores && HasObjectness(context, source)));
        int classes = scores - (hasObjectness ? 1 : 0);
        if (classes < 1)
            return null;
        // What a convolution makes, and nothing computes any more, is decoded outside the graph.
        bool isRaw = hasObjectness && context.Graph.Producer(source[2].Value)?.Operator is "Conv"
            && context.Graph.Producer(source[0].Value)?.Operator is "Conv";
        return new RowDetector(context, output, prototypes, isTransposed, hasObjectness, isRaw, classes,
            prototypes is null && !hasAngle ? shape : default, hasAngle);
    }

    /// <summary>Objectness is a number of a sigmoid of its own, or boxes, objectness and classes pass one sigmoid together.</summary>
    private static bool HasObjectness(HeadContext context, ElementSource[] source)
    {
        if (source[4].Squashing is null)
            return true;
        var (own, next) = (source[4], source[5]);
        if (own.Value != next.Value)
            return true;
        string sigmoid = own.Squashing!.Outputs[0];
        return DifferentiationPath.Between(context.Graph, [sigmoid], source[0].Value, StandardOperators.Registry).Nodes.Count > 0
            || source[0].Value == sigmoid;
    }

    private static (int Count, int Numbers) KeypointShape(HeadContext context) =>
        context.Metadata.TryGetValue("kpt_shape", out string? text) && Pair().Match(text) is { Success: true } pair
            ? (int.Parse(pair.Groups[1].Value, CultureInfo.InvariantCulture), int.Parse(pair.Groups[2].Value, CultureInfo.InvariantCulture))
            : default;

    [GeneratedRegex(@"^\s*\[\s*([0-9]{1,4})\s*,\s*([23])\s*\]\s*$")]
    private static partial Regex Pair();
}
