using GradCamSharp.Errors;
using GradCamSharp.Layers;
using OnnxGrad;

namespace GradCamSharp.Methods;

/// <summary>
/// The attention blocks of a network of which each sees all tokens of a picture, how the tokens lie in the picture, and which of them the
/// score is read from.
/// </summary>
internal sealed class AttentionLayers
{
    private const string Advice = "Choose a method that needs no attention matrices, such as hirescam, gradcam or gradcam++.";

    private readonly Graph graph;
    private readonly LayerFormat tokens;
    private readonly (long From, long To) rows;

    private AttentionLayers(
        Graph graph, DifferentiationPath path, IReadOnlyList<AttentionMatrix> matrices, Dimension pictures, LayerFormat tokens,
        (long From, long To) rows)
    {
        this.graph = graph;
        this.tokens = tokens;
        this.rows = rows;
        Path = path;
        Matrices = matrices;
        Pictures = pictures;
    }

    /// <summary>The way from the picture to the scores.</summary>
    public DifferentiationPath Path { get; }

    /// <summary>The matrices, in the network's order; of all the number of tokens is the same.</summary>
    public IReadOnlyList<AttentionMatrix> Matrices { get; }

    /// <summary>The number of pictures in a batch.</summary>
    public Dimension Pictures { get; }

    /// <summary>Finds them.</summary>
    /// <param name="context">What the method draws on.</param>
    /// <param name="method">The method, for messages.</param>
    /// <exception cref="ExplanationException">The network attends nowhere, within windows, or to other than its own tokens.</exception>
    public static AttentionLayers Of(MapContext context, ExplanationMethod method) => context.MakeOnce(nameof(AttentionLayers), () =>
    {
        var graph = context.Graph;
        var path = DifferentiationPath.Between(graph, [context.InputName], context.Ends, context.Operators);
        var matrices = AttentionSearch.Find(graph, path);
        if (matrices.Count == 0)
            throw Nothing(method, path);
        var pictures = graph[context.InputName].Shape[0];
        long count = Count(matrices, pictures, method);
        // Channels may be as many as tokens: a value that the graph lays out is asked first.
        var all = path.Nodes.SelectMany(n => n.Outputs).Where(
            v => v.Length > 0 && graph.Info(v)?.Shape is { Rank: 3 } shape && shape[0] == pictures && shape[1] == count).ToList();
        var laid = all.Select(v => (Value: v, Format: TokenGrid.Find(graph, v))).FirstOrDefault(
            v => v.Format is { } format && Fits(format, count));
        var format = Fits(context.Layer.Format, count) ? context.Layer.Format : laid.Format ?? throw new ExplanationException(
            ExplanationError.UnknownLayout, $"How the {count} tokens lie in the picture does not follow from the graph.",
            "Give a layer of tokens and its format.");
        var reading = (laid.Value is null ? all : [laid.Value, .. all]).Select(v => TokenReading.Find(graph, path, v, count))
            .FirstOrDefault(r => r is not null) ?? throw Unsuitable(
                $"'{method.Name}' maps what a class token or a mean over tokens attends to, and the graph does not show that the scores " +
                "are read from either.");
        return new AttentionLayers(graph, path, matrices, pictures, format, reading);
    });

    /// <summary>1 at the token that the score is read from, or equal shares of several: [1, 1, T].</summary>
    /// <param name="type">Of which type.</param>
    public Tensor Row(ElementType type)
    {
        long count = Matrices[0].Keys.Value;
        double[] row = new double[count];
        Array.Fill(row, 1.0 / (rows.To - rows.From), (int)rows.From, (int)(rows.To - rows.From));
        return graph.Constant(type, new Shape(1, 1, count), row);
    }

    /// <summary>What a row of tokens says of the picture: class, distillation and register tokens left out.</summary>
    /// <param name="row">[N, 1, T].</param>
    /// <returns>[N, spatial...].</returns>
    public Tensor Map(Tensor row)
    {
        var grid = tokens.Grid!.Value;
        return row.Slice(2, tokens.Leading, tokens.Leading + grid.Size.Value).Reshape(new Shape([Pictures, .. grid]));
    }

    private static long Count(IReadOnlyList<AttentionMatrix> matrices, Dimension pictures, ExplanationMethod method)
    {
        foreach (var matrix in matrices)
        {
            if (matrix.Heads(pictures) is null)
            {
                throw Unsuitable(
                    $"'{matrix.Value}' attends within windows: its matrices are {matrix.Shape} and not one a picture and head. " +
                    $"'{method.Name}' is not defined for networks of windows, such as Swin: tokens of different windows share no matrix.");
            }

            if (!matrix.Keys.IsKnown || matrix.Queries != matrix.Keys || matrix.Keys != matrices[0].Keys)
            {
                throw Unsuitable(
                    $"'{method.Name}' follows attention of the same tokens from block to block. The matrices '{matrix.Value}' " +
                    $"are {matrix.Queries} by {matrix.Keys}, '{matrices[0].Value}' {matrices[0].Queries} by {matrices[0].Keys}.");
            }
        }

        return matrices[0].Keys.Value;
    }

    private static bool Fits(LayerFormat format, long count) => format is { Kind: LayerFormatKind.Tokens, Grid: { } grid }
        && grid.Size.Value + format.Leading + format.Trailing == count;

    private static ExplanationException Nothing(ExplanationMethod method, DifferentiationPath path)
    {
        var whole = path.Nodes.FirstOrDefault(n => n.Operator is "Attention" or "MultiHeadAttention" or "GroupQueryAttention");
        return Unsuitable(whole is null
            ? $"'{method.Name}' needs attention, and this network has none: nowhere does a softmax weigh computed values."
            : $"'{method.Name}' needs the attention matrix inside {whole}, which is of a form that is not taken apart " +
                "(past keys, a soft cap, packed or rotated inputs).");
    }

    private static ExplanationException Unsuitable(string problem) => new(ExplanationError.UnsuitableMethod, problem, Advice);
}
