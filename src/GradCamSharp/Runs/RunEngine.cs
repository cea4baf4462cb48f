using System.Collections.Immutable;
using GradCamSharp.Methods;
using GradCamSharp.Runtime;
using GradCamSharp.Targets;
using OnnxGrad;

namespace GradCamSharp.Runs;

/// <summary>
/// Explains by methods that run the network, or the part behind the layer, many times. Methods of the graph that are asked for as well
/// come from the first run, which also makes the scores, finds the classes and keeps the layer's values.
/// </summary>
internal sealed class RunEngine(Network network)
{
    private static readonly LayerValueMethod Values = new();

    /// <summary>Explains a batch, item by item.</summary>
    public MapBatch Explain(
        Memory<float> batch, Shape shape, IReadOnlyList<ExplanationMethod> methods, IReadOnlyList<ClassRequest> classes,
        CancellationToken cancellationToken)
    {
        bool IsOfGraph(ExplanationMethod m) => m is GraphMethod graph && (classes.Count == 1 || !graph.TakesOneClass);
        // What changed layers are scored from is answered by the first run, where it can be.
        var needs = methods.Any(m => m is TailRunMethod) ? network.Tail(shape.With(0, 1)).Needs : [];
        var first = network.Explain(
            batch, shape, [.. methods.Where(IsOfGraph).Concat(needs).Distinct(), Values], classes, cancellationToken);
        var found = methods.ToDictionary(m => m, _ => new List<RawMap>());
        int items = (int)shape[0], size = batch.Length / items;
        var layer = network.LayerAt(shape);
        for (int i = 0; i < items; i++)
        {
            int item = i;
            var values = new LayerValues(layer, layer.Shape.Slice(1, layer.Shape.Rank - 1), first.Maps[Values][i, 0].ToArray());
            var runs = new ItemRuns(
                network, ChannelsFirst(batch.Span.Slice(i * size, size), shape), ItemShape(shape), values,
                [.. first.Classes[i]], [.. first.Scores[i]], (method, place) => first.Maps[method][item, place], cancellationToken);
            for (int c = 0; c < classes.Count; c++)
            {
                foreach (var method in methods.Where(m => !IsOfGraph(m)))
                {
                    found[method].Add(method switch
                    {
                        WholeRunMethod whole => whole.Map(new ClassRuns(runs, c)),
                        GraphMethod graph => OfOneClass(graph, runs, c),
                        TailRunMethod tail => tail.Map(new ClassTailRuns(runs, c)),
                        _ => throw new ModelException($"The method '{method.Name}' is of none of the kinds that can be run."),
                    });
                }
            }
        }

        var maps = methods.ToDictionary(
            m => m, m => IsOfGraph(m) ? first.Maps[m] : Joined(found[m], items, classes.Count));
        return new MapBatch(first.Scores, first.Classes, maps);
    }

    private static RawMap OfOneClass(GraphMethod method, ItemRuns runs, int place)
    {
        var maps = runs.Explain(method, runs.Classes[place]);
        return new RawMap(maps.Shape.Slice(2, maps.Shape.Rank - 2), [.. maps[0, 0]]);
    }

    private float[] ChannelsFirst(ReadOnlySpan<float> item, Shape shape)
    {
        if (!network.IsChannelsLast)
            return item.ToArray();
        float[] first = new float[item.Length];
        ChannelOrder.ToFirst(item, (int)shape[-1], first);
        return first;
    }

    private Shape ItemShape(Shape batch) => network.IsChannelsLast
        ? new Shape([batch[-1], .. batch.Slice(1, batch.Rank - 2)]) : batch.Slice(1, batch.Rank - 1);

    // Maps of segments differ in their number from item to item: the shorter ones are filled up with what is no number.
    private static Maps Joined(List<RawMap> maps, int items, int classes)
    {
        var shape = maps.MaxBy(m => m.Values.Length)!.Shape;
        int size = (int)shape.Size;
        var values = ImmutableArray.CreateBuilder<float>(maps.Count * size);
        foreach (var map in maps)
        {
            values.AddRange(map.Values);
            for (int i = map.Values.Length; i < size; i++)
                values.Add(float.NaN);
        }

        return new Maps(new Shape([items, classes, .. shape]), values.MoveToImmutable())
        {
            StandardErrors = maps[0].StandardError is null ? [] : [.. maps.Select(m => m.StandardError ?? double.NaN)],
            Residuals = maps[0].Residual is null ? [] : [.. maps.Select(m => m.Residual ?? double.NaN)],
        };
    }
}
