using Microsoft.ML.OnnxRuntime;

namespace OnnxGrad;

/// <summary>
/// Finds types, shapes and small integer constants of a model's values by asking the one authority there is: ONNX Runtime infers them when
/// it opens the model with those values as outputs. Where it cannot, or where integers are asked for, it runs the model on zeros. Where a
/// length is open, such as the batch, this is done twice, with 1 and with 2 in its place; a length that differs follows it.
/// </summary>
public static class ShapeInference
{
    /// <summary>Analyses a model at one set of input shapes. The model stays as it is.</summary>
    /// <param name="model">The model.</param>
    /// <param name="inputs">The shape of every input. One symbol may stand for a length that stays open, such as the batch.</param>
    /// <param name="values">The values to describe; all that nodes make if null. Unknown names are left out.</param>
    /// <returns>
    /// What is known of the values and of the inputs. Where the model runs only with 1 in the place of the symbol, that is the
    /// inputs' length.
    /// </returns>
    /// <exception cref="ArgumentException">More than one length is open.</exception>
    /// <exception cref="ModelException">ONNX Runtime cannot run the model on these shapes.</exception>
    public static ShapeTable Analyse(OnnxModel model, IReadOnlyDictionary<string, Shape> inputs, IEnumerable<string>? values = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(inputs);
        var graph = model.Graph;
        string[] wanted = [.. (values ?? graph.Values)
            .Where(v => graph.Contains(v) && !graph.IsConstant(v) && !inputs.ContainsKey(v)).Distinct()];
        var declared = model.Inputs.ToDictionary(i => i.Name);
        var fed = inputs.ToDictionary(i => i.Key, i => new ValueInfo(declared[i.Key].Type, i.Value), StringComparer.Ordinal);
        var table = ShapeTable.Empty.With(fed);
        if (wanted.Length == 0)
            return table;

        var symbols = inputs.Values.SelectMany(s => s).Where(l => !l.IsKnown).Distinct().ToList();
        if (symbols.Count > 1)
        {
            throw new ArgumentException(
                $"Only one length can be left open, not {string.Join(", ", symbols.Select(s => $"'{s}'"))}.", nameof(inputs));
        }

        bool open = symbols.Count > 0;
        var probe = new ShapeProbe(model, fed, wanted);
        // Inference believes what a Reshape says, also where a run would show that it cannot be.
        bool inferable = !graph.Nodes.Any(n => n.Operator is "Reshape" or "Expand" || n.HasSubgraph);
        var one = inferable ? probe.Infer(1) : null;
        var two = one is not null && open ? probe.Infer(2) : null;
        if (one is null || (open && (two is null || !Follow(one, two))))
            (one, two) = probe.Run(open);

        var dataDependent = DataDependent(model);
        for (int i = 0; i < wanted.Length; i++)
        {
            if (one[i] is not { } info)
                continue;
            if (two is not null)
            {
                // A value whose number of axes differs (a Squeeze of whatever has length 1) has no shape to speak of.
                if (two[i] is not { } other || other.Shape.Rank != info.Shape.Rank)
                    continue;
                info = Merge(info, other, symbols[0].ToString());
            }

            if (dataDependent.Contains(wanted[i]))
                info = WithoutContent(info);
            fed[wanted[i]] = info;
        }

        if (open && two is null)
        {
            foreach (var (input, shape) in inputs)
                fed[input] = new ValueInfo(fed[input].Type, ShapeProbe.Bind(shape, 1));
        }

        return table.With(fed);
    }

    /// <summary>
    /// Analyses a model as it runs on given inputs: shapes that follow from what the inputs hold (how many boxes are kept) are those of
    /// this
    /// run. The model stays as it is.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="feeds">A value for every input; the caller disposes them.</param>
    /// <param name="values">The values to describe; all that nodes make if null. Unknown names are left out.</param>
    /// <returns>What is known of the values and of the inputs; every length is known.</returns>
    /// <exception cref="ModelException">ONNX Runtime cannot run the model on these inputs.</exception>
    public static ShapeTable AnalyseRun(OnnxModel model, IReadOnlyDictionary<string, OrtValue> feeds, IEnumerable<string>? values = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(feeds);
        var graph = model.Graph;
        string[] wanted = [.. (values ?? graph.Values)
            .Where(v => v.Length > 0 && graph.Contains(v) && !graph.IsConstant(v) && !feeds.ContainsKey(v)).Distinct()];
        var found = feeds.ToDictionary(f => f.Key, f => WithoutContent(ShapeProbe.Describe(f.Value)!), StringComparer.Ordinal);
        if (wanted.Length == 0)
            return ShapeTable.Empty.With(found);
        var seen = new ShapeProbe(model, found, wanted).Run(feeds);
        var dataDependent = DataDependent(model);
        for (int i = 0; i < wanted.Length; i++)
        {
            if (seen[i] is { } info)
                found[wanted[i]] = dataDependent.Contains(wanted[i]) ? WithoutContent(info) : info;
        }

        return ShapeTable.Empty.With(found);
    }

    /// <summary>
    /// Whether lengths of the model's values may follow from what its inputs hold, and not only from their shapes: how many boxes a
    /// suppression keeps, how many elements are not zero.
    /// </summary>
    /// <param name="model">The model.</param>
    public static bool HasDataDependentShapes(OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.Graph.Nodes.Any(
            n => n.Operator is "NonMaxSuppression" or "NonZero" or "Unique" or "Compress" or "Loop" or "If" or "Scan"
            or "StringSplit" or "SequenceAt");
    }

    /// <summary>Whether the first length of every value is the one that is open.</summary>
    private static bool Follow(ValueInfo?[] one, ValueInfo?[] two) =>
        one.Zip(two).All(f => f.First!.Shape[0] == 1 && f.Second!.Shape[0] == 2);

    private static ValueInfo WithoutContent(ValueInfo info) => new(info.Type, info.Shape);

    /// <summary>
    /// The values that follow from what is fed and not only from its shape: what a run on zeros says of their content means nothing.
    /// </summary>
    private static HashSet<string> DataDependent(OnnxModel model)
    {
        var dependent = new HashSet<string>(model.Graph.Inputs);
        foreach (var node in model.Graph.Nodes)
        {
            if (!model.Operators.Has(node, OperatorProperties.ReadsOnlyShapes)
                && (node.HasSubgraph || node.Inputs.Any(dependent.Contains)))
                dependent.UnionWith(node.Outputs);
        }

        return dependent;
    }

    private static ValueInfo Merge(ValueInfo one, ValueInfo two, string symbol)
    {
        var lengths = one.Shape.Zip(two.Shape, (a, b) => Dimension.Through(a.Value, b.Value, symbol));
        bool same = one.Integers is not null && two.Integers is not null && one.Integers.SequenceEqual(two.Integers);
        return new ValueInfo(one.Type, new Shape([.. lengths]), same ? one.Integers : null);
    }
}
