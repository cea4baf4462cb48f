using GradCamSharp.Targets;
using OnnxGrad;

namespace GradCamSharp.Heads;

/// <summary>What a family of heads is recognised by.</summary>
/// <param name="ModelName">What messages call the model.</param>
/// <param name="Graph">The graph, its shapes as in a run.</param>
/// <param name="Outputs">The outputs, in the model's order.</param>
/// <param name="Batch">The number of items.</param>
/// <param name="InputSize">Height and width of the picture's input; [1, 1] where it has no such axes.</param>
/// <param name="OtherInputs">The names of the inputs beside the picture's.</param>
/// <param name="Metadata">The file's metadata.</param>
/// <param name="Labels">The classes' names.</param>
internal sealed record HeadContext(
    string ModelName, Graph Graph, IReadOnlyList<OutputInfo> Outputs, long Batch, (long Height, long Width) InputSize,
    IReadOnlyList<string> OtherInputs, IReadOnlyDictionary<string, string> Metadata, Labels Labels)
{
    /// <summary>The same, with the labels of a family whose classes are always the same; where labels are known they stay.</summary>
    public HeadContext WithLabels(params IReadOnlyList<string> labels) => Labels.Count > 0 ? this
        : this with { Labels = new Labels(labels) };

    /// <summary>The number of channels of the picture's input.</summary>
    public long PictureChannels { get; init; }

    /// <summary>Whether the picture's input takes bytes.</summary>
    public bool TakesBytes { get; init; }

    /// <summary>What speaks against how the outputs are read.</summary>
    /// <param name="classes">How many classes the outputs have; null where they do not say.</param>
    public IEnumerable<string> Doubts(long? classes)
    {
        if (classes is { } count && Labels.Count > 0 && Labels.Count != count)
        {
            yield return FormattableString.Invariant(
                $"{Labels.Count} labels are known and the model has {count} classes, so its classes' names may be wrong");
        }

        if (Metadata.TryGetValue("imgsz", out string? text) && Models.Ultralytics.Size(text) is { } size
            && InputSize.Width > 1 && (size.Height, size.Width) != InputSize)
        {
            yield return FormattableString.Invariant(
                $"the metadata says that pictures are {size}, and the input takes {InputSize.Width} x {InputSize.Height}, ") +
                "so boxes may lie elsewhere";
        }
    }

    /// <summary>Whether an output's rows are the items of the batch.</summary>
    public bool HasBatch(OutputInfo output) => output.Shape.Rank > 0 && output.Shape[0] == Batch;

    /// <summary>An output by its name; null if there is none.</summary>
    public OutputInfo? Find(string name) => Outputs.FirstOrDefault(o => o.Name == name);

    /// <summary>An output whose name ends in a word, as exporters vary prefixes and ":0"; null if there is none.</summary>
    public OutputInfo? Named(params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            foreach (var output in Outputs)
            {
                if (IsCalled(output.Name, name))
                    return output;
            }
        }

        return null;
    }

    /// <summary>Whether an output's name ends in a word, as exporters vary prefixes and ":0".</summary>
    public static bool IsCalled(string output, string word)
    {
        string own = output.EndsWith(":0", StringComparison.Ordinal) ? output[..^2] : output;
        return own.Equals(word, StringComparison.OrdinalIgnoreCase) || own.EndsWith('/' + word, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Where an element of an output comes from.</summary>
    public ElementSource Source(OutputInfo output, params ReadOnlySpan<long> at) =>
        ElementSource.Of(Graph, output.Name, output.Shape.Ravel(at));

    /// <summary>Whether a sigmoid, or a softmax, makes the element.</summary>
    public bool IsSquashed(OutputInfo output, params ReadOnlySpan<long> at) => Source(output, at).Squashing is not null;

    /// <summary>Whether a softmax makes the element.</summary>
    public bool IsSquashed(OutputInfo output, long[] at, bool isSoftmax) =>
        Source(output, at).Squashing is { } squashing && (!isSoftmax || squashing.Operator == "Softmax");

    /// <summary>
    /// The strides whose cells, level after level, are as many as the rows, and how many rows a cell has; null where none are.
    /// </summary>
    /// <param name="rows">The number of rows.</param>
    public (IReadOnlyList<int> Strides, int PerCell)? LevelsOf(long rows)
    {
        foreach (int[] strides in (
            int[][])[[8, 16, 32], [8, 16, 32, 64], [4, 8, 16, 32], [16, 32], [8, 16], [16, 32, 64], [8, 16, 32, 64, 128], [4, 8, 16]])
        {
            long cells = strides.Sum(s => Cells(InputSize.Height, s) * Cells(InputSize.Width, s));
            foreach (int each in (int[])[1, 3, 2, 9])
            {
                if (cells * each == rows)
                    return (strides, each);
            }
        }

        return null;
    }

    /// <summary>The cells of one axis.</summary>
    public static long Cells(long length, int stride) => (length + stride - 1) / stride;
}
