using GradCamSharp.Compilation;
using GradCamSharp.Errors;
using GradCamSharp.Heads;
using GradCamSharp.Layers;
using GradCamSharp.Methods;
using GradCamSharp.Targets;
using OnnxGrad;

namespace GradCamSharp;

/// <summary>Which of the computed maps is an explanation: that of the score's own level, of the named layer, or several fused.</summary>
internal sealed class MapAssembly(IReadOnlyList<Layer> layers, bool areNamed, LayerFusion fusion, Shape input)
{
    private bool IsFused => areNamed && layers.Count > 1;

    public TargetResult Assemble(
        IReadOnlyList<SeededMap> maps, IReadOnlyList<(Shape Shape, float[] Values)> values, IReadOnlyList<Target> targets,
        IReadOnlyList<TargetScore[]> scores, IReadOnlyList<TargetReading> readings, IReadOnlyList<ExplanationMethod> methods,
        IReadOnlyList<string> assumed)
    {
        var explanations = new List<TargetExplanation>();
        var notes = new List<string>(assumed);
        for (int item = 0; item < readings.Count; item++)
        {
            for (int t = 0; t < targets.Count; t++)
            {
                foreach (var method in methods)
                {
                    var own = maps.Select((m, i) => (Map: m, values[i].Shape, Values: Slice(values[i], item, t)))
                        .Where(m => ReferenceEquals(m.Map.Method, method)).ToList();
                    var (shape, raw, from) = method.IsPixelSpace || own.Count == 1 ? (
                        Spatial(own[0].Shape), own[0].Values, new[] { own[0].Map.Layer })
                        : IsFused ? Fused(own, targets[t], notes) : Own(own, targets[t], notes);
                    explanations.Add(new TargetExplanation(
                        item, targets[t], scores[item][t].Value, scores[item][t].Words, method, from, shape, raw)
                    {
                        Class = scores[item][t].Class,
                    });
                }
            }
        }

        return new TargetResult(readings, explanations, [.. notes.Distinct()]);
    }

    /// <summary>The last level that the score sees: those before it are seen through it.</summary>
    private static (Shape, float[], Layer[]) Own(
        List<(SeededMap Map, Shape Shape, float[] Values)> maps, Target target, List<string> notes)
    {
        var seen = maps.FindLastIndex(m => m.Values.AsSpan().ContainsAnyExcept(0f));
        if (seen < 0)
            seen = maps.Count - 1;
        foreach (var (map, _, _) in maps.Skip(seen + 1))
            notes.Add($"{map.Layer.Name} {map.Layer.Shape} has no way to {target}, which is read from {maps[seen].Map.Layer.Name}");
        return (Spatial(maps[seen].Shape), maps[seen].Values, [maps[seen].Map.Layer]);
    }

    /// <summary>Each map from 0 to 1, at the input's resolution, added, and from 0 to 1 again; empty ones add nothing.</summary>
    private (Shape, float[], Layer[]) Fused(List<(SeededMap Map, Shape Shape, float[] Values)> maps, Target target, List<string> notes)
    {
        int[] to = [.. input.Select(l => (int)l.Value)];
        float[] sum = new float[to.Aggregate(1, (a, b) => a * b)];
        foreach (var (map, shape, values) in maps)
        {
            var spatial = Spatial(shape);
            if (spatial.Rank != to.Length)
            {
                throw new ExplanationException(
                    ExplanationError.UnknownLayer,
                    $"The layer '{map.Layer.Name}' has maps of {spatial}, the input {input}; " +
                    "maps of as many axes as the input's are fused.",
                    "Name such layers, or one alone.");
            }

            float[] positive = [.. values.Select(v => Math.Max(0, v))];
            if (!positive.AsSpan().ContainsAnyExcept(0f))
                notes.Add($"{map.Layer.Name} adds nothing to {target}: its map is empty");
            if (fusion == LayerFusion.Max && positive.Max() is > 0 and var largest)
                positive = [.. positive.Select(v => MathF.Tanh(2 * v / largest))];
            else
                Normalize(positive);
            float[] up = new LinearUpsampling([.. spatial.Select(l => (int)l.Value)], to).Apply(positive);
            for (int i = 0; i < sum.Length; i++)
                sum[i] = fusion == LayerFusion.Max ? Math.Max(sum[i], up[i]) : sum[i] + up[i];
        }

        if (fusion == LayerFusion.Mean)
            Normalize(sum);
        return (input, sum, [.. maps.Select(m => m.Map.Layer)]);
    }

    private static void Normalize(float[] map)
    {
        float least = map.Min(), most = map.Max();
        for (int i = 0; i < map.Length; i++)
            map[i] = most > least ? (map[i] - least) / (most - least) : 0;
    }

    private static Shape Spatial(Shape shape) => shape.Slice(2, shape.Rank - 2);

    private static float[] Slice((Shape Shape, float[] Values) map, int item, int target)
    {
        int size = (int)Spatial(map.Shape).Size.Value;
        int count = (int)map.Shape[1].Value;
        // What does not depend on the target is there once.
        return map.Values.AsSpan(((item * count) + Math.Min(target, count - 1)) * size, size).ToArray();
    }
}
