using GradCamSharp.Heads;
using GradCamSharp.Layers;
using GradCamSharp.Targets;
using OnnxGrad;

namespace GradCamSharp.Analysis;

/// <summary>
/// The one level of a detector that all scores of a call come from. Outputs join the levels: followed back behind what only moves numbers,
/// a score is read from its own level, and the others need not be differentiated.
/// </summary>
internal sealed class OwnLevel
{
    // Of a score that is made of more elements, such as a class's of all cells, not every one is followed.
    private const int MostSeeds = 64;

    private readonly IReadOnlyList<Layer> unseen;

    private OwnLevel(Layer layer, HashSet<string> stops, IReadOnlyList<Layer> unseen) =>
        (Layer, Stops, this.unseen) = (layer, stops, unseen);

    /// <summary>The level's layer.</summary>
    public Layer Layer { get; }

    /// <summary>The values that the scores are read from, as their level makes them.</summary>
    public HashSet<string> Stops { get; }

    /// <summary>What is said of levels that the scores cannot see.</summary>
    public IEnumerable<string> Unseen(IReadOnlyList<Target> targets) => unseen.SelectMany(u => targets.Select(
        t => $"{u.Name} {u.Shape} has no way to {t}, which is read from {Layer.Name}"));

    /// <summary>Finds it.</summary>
    /// <param name="analysis">The model.</param>
    /// <param name="layers">A layer for each level.</param>
    /// <param name="scores">The scores of each item.</param>
    /// <returns>The level; null where there is no choice, or scores come from several.</returns>
    public static OwnLevel? Find(TargetAnalysis analysis, IReadOnlyList<Layer> layers, IReadOnlyList<TargetScore[]> scores)
    {
        var graph = analysis.Model.Graph;
        if (layers.Count < 2 || Sources(graph, scores) is not { } sources)
            return null;
        HashSet<string> stops = [.. sources.SelectMany(s => s).SelectMany(s => s.Seeds).Select(s => s.Value)];
        var ordered = InOrder(graph, layers);
        // A level before another is seen through it: the own one is that behind which no other is met.
        var own = stops.Select(s => FirstMet(graph, s, [.. ordered.Select(l => l.Name)])).Distinct().ToList();
        if (own is not [{ } only])
            return null;
        int place = ordered.ToList().FindIndex(l => l.Name == only);
        return new OwnLevel(ordered[place], stops, [.. ordered.Skip(place + 1)]);
    }

    /// <summary>Walking back from a value, the one level that is met; null where several are, or none.</summary>
    private static string? FirstMet(Graph graph, string stop, HashSet<string> levels)
    {
        string? met = null;
        var open = new Stack<string>([stop]);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (open.TryPop(out string? value))
        {
            if (value.Length == 0 || !seen.Add(value))
                continue;
            if (levels.Contains(value))
            {
                if (met is not null)
                    return null;
                met = value;
            }
            else if (graph.Producer(value) is { } node)
            {
                foreach (string read in node.Inputs)
                    open.Push(read);
            }
        }

        return met;
    }

    /// <summary>The layers in the order in which the graph makes them.</summary>
    public static IReadOnlyList<Layer> InOrder(Graph graph, IReadOnlyList<Layer> layers)
    {
        var place = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < graph.Nodes.Count; i++)
        {
            foreach (string output in graph.Nodes[i].Outputs)
                place[output] = i;
        }

        return [.. layers.OrderBy(l => place.GetValueOrDefault(l.Name, -1))];
    }

    /// <summary>
    /// The scores as they are made of the values that compute their elements, behind all that only moves them; null where that is not
    /// followed.
    /// </summary>
    public static IReadOnlyList<TargetScore[]>? Sources(Graph graph, IReadOnlyList<TargetScore[]> scores)
    {
        var found = new List<TargetScore[]>();
        foreach (var item in scores)
        {
            var own = new TargetScore[item.Length];
            for (int t = 0; t < own.Length; t++)
            {
                if (item[t].Seeds.Count > MostSeeds)
                    return null;
                own[t] = item[t] with { Seeds = [.. item[t].Seeds.Select(s => Source(graph, s))] };
            }

            found.Add(own);
        }

        return found;
    }

    private static ScoreSeed Source(Graph graph, ScoreSeed seed)
    {
        var (value, index, _) = ElementSource.Of(graph, seed.Value, seed.Index, isUnsquashed: false);
        return graph[value] is { Type: var type, Shape.IsStatic: true } && type == graph[seed.Value].Type
            ? new ScoreSeed(value, index, seed.Weight) : seed;
    }
}
