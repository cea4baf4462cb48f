using GradCamSharp.Errors;
using GradCamSharp.Targets;
using OnnxGrad;

namespace GradCamSharp.Heads;

/// <summary>
/// The derivative of scores with respect to the values that they are read from, as nodes of the graph: what is chosen the graph chooses
/// itself. For models that are exported with their explanation.
/// </summary>
/// <param name="Seeds">Each value and the derivative there, mapped over the scores.</param>
/// <param name="Told">What the graph chose, as further outputs: a name and [1, K].</param>
internal sealed record GraphSeeds(IReadOnlyList<(Tensor Output, Tensor Seed)> Seeds, IReadOnlyList<(string Name, Tensor Value)> Told)
{
    /// <summary>1 at one element of a value for each score, 0 elsewhere.</summary>
    /// <param name="value">The value.</param>
    /// <param name="places">int64 [K]: flat places.</param>
    /// <param name="weights">[K]: what stands there; 1 if null.</param>
    public static (Tensor Output, Tensor Seed) At(Tensor value, Tensor places, Tensor? weights = null)
    {
        var one = places.OneHot(value.Shape.Size.Value, axis: 1, value.Type);
        if (weights is { } w)
            one *= w.Unsqueeze(1);
        return (value, one.Reshape(new Shape([places.Shape[0], .. value.Shape])).Map());
    }

    /// <summary>A score that is the same elements of the same values whatever the picture.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="score">The score, of any run.</param>
    public static GraphSeeds Constant(Graph graph, TargetScore score) => new(
        [.. score.Seeds.GroupBy(s => s.Value).Select(group =>
        {
            var value = graph[group.Key];
            double[] seed = new double[value.Shape.Size.Value];
            foreach (var s in group)
                seed[s.Index] += s.Weight;
            return (value, graph.Constant(value.Type, new Shape([1, .. value.Shape]), seed).Map());
        })], []);

    /// <summary>A sum of scores.</summary>
    public static GraphSeeds Sum(IEnumerable<(double Factor, GraphSeeds Seeds)> terms)
    {
        var all = terms.ToList();
        return new([.. all.SelectMany(t => t.Seeds.Seeds.Select(s => (s.Output, s.Seed * t.Factor)))],
            [.. all.SelectMany(t => t.Seeds.Told)]);
    }

    /// <summary>What is said of a target that a graph cannot find by itself.</summary>
    public static ExplanationException Cannot(Target target, string examples) => new(
        ExplanationError.UnknownTarget, $"'{target}' cannot be exported for this model: its graph cannot choose that by itself.",
        $"Targets that can are {examples}, and elements of outputs.");
}
