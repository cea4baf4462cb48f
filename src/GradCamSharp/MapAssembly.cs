using GradCamSharp.Compilation;
using GradCamSharp.Errors;
using GradCamSharp.Heads;
using GradCamSharp.Layers;
using GradCamSharp.Methods;
using GradCamSharp.Runtime;
using GradCamSharp.Targets;
using OnnxGrad;

namespace GradCamSharp;

/// <summary>Which of the computed maps is an explanation: that of the score's own level, of the named layer, or several fused.</summary>
internal sealed class MapAssembly(IReadOnlyList<Layer> layers, bool areNamed, LayerFusion fusion, Shape input)
{
    private bool IsFused => areNamed && layers.Count > 1;

    public TargetResult Assemble(
        IReadOnlyList<MadeMap> maps, IReadOnlyList<Target> targets, IReadOnlyList<TargetScore[]> scores,
        IReadOnlyList<TargetReading> readings, IReadOnlyList<ExplanationMethod> methods, IReadOnlyList<string> assumed)
    {
        var explanations = new List<TargetExplanation>();
        var notes = new List<string>(assumed);
        for (int item = 0; item < readings.Count; item++)
        {
            for (int t = 0; t < targets.Count; t++)
            {
                foreach (var method in methods)
                {
                    var own = maps.Where(m => ReferenceEquals(m.Map.Method, method)).Select(m => Slice(m, item, t)).ToList();
                    var (shape, raw, from) = method.IsPixelSpace || own.Count == 1 ? (
                        own[0].Shape, own[0].Values, new[] { own[0].Map.Layer })
                        : IsFused ? Fused(own, targets[t], notes) : Own(own, targets[t], notes);
                    // Of several levels the account is that of the one that is shown.
                    var shown = own.Find(m => m.Map.Layer == from[0])!;
                    explanations.Add(new TargetExplanation(
                        item, targets[t], scores[item][t].Value, scores[item][t].Words, method, from, shape, raw)
                    {
                        Class = scores[item][t].Class,
                        Account = shown.Account,
                        Residual = shown.Residual,
                        Note = shown.Map.Note,
                    });
                }
            }
        }

        return new TargetResult(readings, explanations, [.. notes.Distinct()]);
    }

    /// <summary>The last level that the score sees: those before it are seen through it.</summary>
    private static (Shape, ReadOnlyMemory<float>, Layer[]) Own(List<OneMap> maps, Target target, List<string> notes)
    {
        var seen = maps.FindLastIndex(m => m.Values.Span.ContainsAnyExcept(0f));
        if (seen < 0)
            seen = maps.Count - 1;
        foreach (var layer in maps.Skip(seen + 1).Select(m => m.Map.Layer))
            notes.Add($"{layer.Name} {layer.Shape} has no way to {target}, which is read from {maps[seen].Map.Layer.Name}");
        return (maps[seen].Shape, maps[seen].Values, [maps[seen].Map.Layer]);
    }

    /// <summary>Each map from 0 to 1, at the input's resolution, added, and from 0 to 1 again; empty ones add nothing.</summary>
    private (Shape, ReadOnlyMemory<float>, Layer[]) Fused(List<OneMap> maps, Target target, List<string> notes)
    {
        int[] to = [.. input.Select(l => (int)l.Value)];
        float[] sum = new float[to.Aggregate(1, (a, b) => a * b)];
        foreach (var (map, spatial, values) in maps)
        {
            if (spatial.Rank != to.Length)
            {
                throw new ExplanationException(
                    ExplanationError.UnknownLayer,
                    $"The layer '{map.Layer.Name}' has maps of {spatial}, the input {input}; " +
                    "maps of as many axes as the input's are fused.",
                    "Name such layers, or one alone.");
            }

            float[] positive = Array.ConvertAll(values.ToArray(), v => Math.Max(0, v));
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

    private static OneMap Slice(MadeMap made, int item, int target)
    {
        var shape = made.Shape.Slice(2, made.Shape.Rank - 2);
        int size = (int)shape.Size.Value, count = (int)made.Shape[1].Value;
        // What does not depend on the target is there once.
        int place = (item * count) + Math.Min(target, count - 1);
        return new OneMap(made.Map, shape, made.Values.Slice(place * size, size).ToArray())
        {
            Account = made.Accounts.Accounts.IsEmpty ? null : made.Accounts.Accounts[place],
            Residual = made.Accounts.Residuals.IsEmpty ? null : made.Accounts.Residuals[place],
        };
    }

    // One item's map of one target.
    private sealed record OneMap(SeededMap Map, Shape Shape, ReadOnlyMemory<float> Values)
    {
        public RelevanceAccount? Account { get; init; }

        public double? Residual { get; init; }
    }
}
