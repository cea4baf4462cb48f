using GradCamSharp.Analysis;
using GradCamSharp.Compilation;
using GradCamSharp.Errors;
using GradCamSharp.Heads;
using GradCamSharp.Heads.Recognition;
using GradCamSharp.Layers;
using GradCamSharp.Methods;
using GradCamSharp.Runtime;
using GradCamSharp.Targets;
using Microsoft.ML.OnnxRuntime;
using OnnxGrad;

namespace GradCamSharp;

// What a call of Explain runs: one pass forward and one back, or many passes of the network as a black box.
public sealed partial class TargetExplainer
{
    private static IEnumerable<string> FilesOf(Target target) => target switch
    {
        SumTarget sum => sum.Terms.SelectMany(t => FilesOf(t.Target)),
        SimilarityTarget similarity => [similarity.File],
        _ => [],
    };

    private TargetResult ExplainByBoth(
        TargetInput input, InputFeeds feeds, IReadOnlyList<ExplanationMethod> methods, IReadOnlyList<Target> targets,
        CancellationToken cancellationToken)
    {
        foreach (var method in methods)
            method.Check();
        var many = RunMany(input, feeds, [.. methods.Where(m => m is not GraphMethod)], targets, cancellationToken);
        ExplanationMethod[] graph = [.. methods.Where(m => m is GraphMethod)];
        var once = graph.Length > 0 ? ExplainByGraph(input, feeds, graph, targets, cancellationToken) : null;
        var all = (once?.Explanations ?? []).Concat(many).OrderBy(e => IndexOf(e.Target)).ThenBy(e => methods.ToList().IndexOf(e.Method));
        var readings = once?.Readings ?? ReadNow();
        return new TargetResult(readings, [.. all], once?.Notes ?? []);

        int IndexOf(Target target) => Math.Max(0, targets.ToList().IndexOf(target));
        IReadOnlyList<TargetReading> ReadNow()
        {
            var (analysis, session) = Reader(feeds, input.Shape);
            using var run = session.Run(name => feeds.Values[name], cancellationToken);
            return [.. Readings(analysis, run, feeds, input).Select(Public)];
        }
    }

    private TargetResult ExplainByGraph(
        TargetInput input, InputFeeds feeds, IReadOnlyList<ExplanationMethod> methods, IReadOnlyList<Target> targets,
        CancellationToken cancellationToken)
    {
        string asked = $"{KeyOf(input.Shape, feeds)}|{input.Layer}|{string.Join(',', methods)}|{string.Join(',', targets)}";
        if (isExact || kept.Find(k => k.Asked.Contains(asked)) is not { } compiled)
            return ExplainAnew(input, feeds, asked, methods, targets, cancellationToken);
        MoveToEnd(compiled);
        if (TryRun(compiled, input, feeds, targets, cancellationToken, out bool fits) is { } result)
            return result;
        if (!fits)
            Foresee(input, feeds);
        return ExplainAnew(input, feeds, asked, methods, targets, cancellationToken);
    }

    /// <summary>Explains by a compiled graph; null where the graph was made for other lengths, or for scores of other values.</summary>
    private TargetResult? TryRun(
        Compiled compiled, TargetInput input, InputFeeds feeds, IReadOnlyList<Target> targets, CancellationToken cancellationToken,
        out bool fits)
    {
        using var run = compiled.Runner.Forward(feeds.Values, cancellationToken);
        fits = Fits(run, compiled.Runner.Explanation);
        if (!fits)
            return null;
        var scored = Score(compiled.Analysis, run, feeds, input, targets);
        if (compiled.Level is not null)
            scored = scored with { Scores = OwnLevel.Sources(compiled.Analysis.Model.Graph, scored.Scores) ?? scored.Scores };
        return scored.Stops.IsSubsetOf(compiled.Runner.Explanation.Stops) ? Explain(compiled, run, scored, feeds, cancellationToken) : null;
    }

    /// <summary>The maps of methods that run the network many times: it is a black box, of which outputs alone are read.</summary>
    private List<TargetExplanation> RunMany(
        TargetInput input, InputFeeds feeds, ExplanationMethod[] methods, IReadOnlyList<Target> targets,
            CancellationToken cancellationToken)
    {
        if (input.Shape[0] != 1)
        {
            throw new ExplanationException(
                ExplanationError.UnsuitableMethod, $"'{methods[0].Name}' explains targets of one input at a time, not of {input.Shape[0]}.",
                "Give the inputs one by one.");
        }

        var (analysis, session) = Reader(feeds, input.Shape);
        Scored scored;
        using (var run = session.Run(name => feeds.Values[name], cancellationToken))
            scored = Score(analysis, run, feeds, input, targets);
        var found = new List<TargetExplanation>();
        for (int t = 0; t < scored.Targets.Count; t++)
        {
            var runs = new TargetRuns(
                input.Batch.ToArray(), input.Shape.Slice(1, input.Shape.Rank - 1), Input.ChannelAxis - 1, Ask, scored.Targets[t],
                analysis.Head, scored.Readings[0], options.Explainer);
            foreach (var method in methods)
            {
                var map = (method as WholeRunMethod ?? throw new ExplanationException(
                    ExplanationError.UnsuitableMethod,
                        $"'{method.Name}' changes a layer many times, and explains classes of a classifier alone.",
                    "Choose a method that changes the picture, such as rise, drise, occlusion or lime.")).Map(runs);
                var score = scored.Scores[0][t];
                found.Add(new TargetExplanation(
                    0, scored.Targets[t], score.Value, score.Words, method, [], map.Shape, map.Values.AsMemory())
                {
                    Class = score.Class,
                    StandardError = map.StandardError,
                });
            }
        }

        return found;

        HeadReading Ask(float[] changed)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var other = input with { Batch = changed };
            using var fed = Feed(other);
            using var run = session.Run(name => fed.Values[name], cancellationToken);
            return Readings(analysis, run, fed, other)[0];
        }
    }

    // The values that scores are read from are known when they have been read once: compiled is what these need.
    private TargetResult ExplainAnew(
        TargetInput input, InputFeeds feeds, string asked, IReadOnlyList<ExplanationMethod> methods, IReadOnlyList<Target> targets,
        CancellationToken cancellationToken)
    {
        var (analysis, session) = Reader(feeds, input.Shape);
        Scored scored;
        using (var run = session.Run(name => feeds.Values[name], cancellationToken))
            scored = Score(analysis, run, feeds, input, targets);
        var stops = scored.Stops;
        if (methods.Count == 0)
            methods = [MethodFor(analysis.Head)];
        if (stops.FirstOrDefault(s => !analysis.Model.Graph[s].Type.IsFloatingPoint()) is { } whole)
        {
            throw new ExplanationException(
                ExplanationError.UnsuitableMethod, $"'{whole}' holds whole numbers, which have no gradient.",
                "Choose a method that runs the network many times, such as rise, or explain what the numbers are made of.");
        }

        string? named = input.Layer ?? options.Explainer.Layer;
        IReadOnlyList<Layer> layers = FindLayers(analysis, stops, named);
        var level = named is null && !analysis.Head.IsAboutWholePicture ? OwnLevel.Find(analysis, layers, scored.Scores) : null;
        if (named is null)
            layers = OwnLevel.InOrder(analysis.Model.Graph, layers);
        // Where a target comes from one level now and from another then, all are compiled: one graph that serves for good.
        bool isFromOne = level is not null && !kept.Any(k => k.Level is not null && k.Asked.Contains(asked));
        if (isFromOne)
            (layers, stops) = ([level!.Layer], level.Stops);
        string[] read = [.. stops.Order(StringComparer.Ordinal)];
        string parts = $"{KeyOf(input.Shape, feeds)}|{named}|{string.Join('+', layers.Select(l => l.Name))}|{string.Join(',', methods)}|" +
            string.Join(',', read);
        foreach (var other in kept)
            other.Asked.Remove(asked);
        // Another box of the same level is read from the same values: its graph is the same.
        var compiled = isExact ? null : kept.Find(k => k.Parts == parts);
        if (compiled is null)
        {
            SeededExplanation explanation;
            try
            {
                explanation = SeededExplanation.Compile(
                    analysis.Model, read, layers, methods, analysis.Input.Name, analysis.Input.IsChannelsLast);
            }
            catch (ModelException) when (dependsOnData && !isExact)
            {
                // Not every rule works at lengths that are known only when the model runs; at those of this input it does.
                BeExact();
                return ExplainAnew(input, feeds, asked, methods, targets, cancellationToken);
            }

            Compilations++;
            kept.RemoveAll(k => k.Parts == parts && Discard(k));
            if (kept.Count >= Math.Clamp(options.Explainer.KeptGraphs, 1, MostKept))
            {
                Discard(kept[0]);
                kept.RemoveAt(0);
            }

            compiled = new Compiled(
                parts, analysis, new SeededRunner(explanation, Device), layers, methods, named is not null, isFromOne ? level : null);
        }

        MoveToEnd(compiled);
        if (compiled.Asked.Count >= KnownTargets)
            compiled.Asked.Clear();
        compiled.Asked.Add(asked);
        if (TryRun(compiled, input, feeds, targets, cancellationToken, out _) is { } result)
            return result;
        if (isExact || !dependsOnData)
            throw new ModelException($"'{ModelName}' makes something else of the same input in every run, and cannot be explained.");
        Foresee(input, feeds);
        return ExplainAnew(input, feeds, asked, methods, targets, cancellationToken);

        static bool Discard(Compiled compiled)
        {
            compiled.Runner.Dispose();
            return true;
        }
    }

    /// <summary>
    /// The map for one box, mask, pixel or region: element-wise, since weights that are averaged over positions lose the place.
    /// </summary>
    private static ExplanationMethod MethodForPlaces { get; } = new HiResCam();

    private static ExplanationMethod MethodFor(VisionHead head) => head.IsAboutWholePicture ? CamMethods.Default : MethodForPlaces;

    private TargetResult Explain(
        Compiled compiled, ForwardRun run, Scored scored, InputFeeds feeds, CancellationToken cancellationToken)
    {
        var explanation = compiled.Runner.Explanation;
        var seeds = new Dictionary<string, OrtValue>(StringComparer.Ordinal);
        try
        {
            for (int s = 0; s < explanation.Stops.Count; s++)
            {
                var stop = compiled.Analysis.Model.Graph[explanation.Stops[s]];
                long[] shape = stop.Shape.IsStatic ? stop.Shape.ToArray() : run[stop.Name].GetTensorTypeAndShape().Shape;
                long size = new Shape(shape).Size.Value;
                float[] values = new float[checked(size * scored.Targets.Count)];
                foreach (var (target, score) in scored.All)
                {
                    foreach (var seed in score.Seeds.Where(x => x.Value == explanation.Stops[s]))
                        values[(target * size) + seed.Index] += (float)seed.Weight;
                }

                seeds[SeededExplanation.SeedOf(s)] = InputValue.Create(stop.Type, values, [scored.Targets.Count, .. shape]);
            }

            var maps = compiled.Runner.Backward(run, seeds, cancellationToken);
            foreach (var made in maps)
            {
                if (made.Accounts.Open is { } open)
                    throw OpenAccountOf(compiled, made, open, feeds, seeds, cancellationToken);
            }

            return new MapAssembly(
                compiled.Layers, compiled.AreLayersNamed, options.Fusion, compiled.Analysis.Input.Spatial).Assemble(
                maps, scored.Targets, scored.Scores, [.. scored.Readings.Select(Public)], compiled.Methods,
                [.. feeds.Assumed.Select(a => $"the input {a}, since nothing was given"), .. WithoutPlace(compiled),
                    .. compiled.Level?.Unseen(scored.Targets) ?? []]);
        }
        finally
        {
            foreach (var seed in seeds.Values)
                seed.Dispose();
        }
    }

    // One more run, which answers with what every node loses of relevance: the error names the node that loses most.
    private ExplanationException OpenAccountOf(
        Compiled compiled, MadeMap made, int place, InputFeeds feeds, Dictionary<string, OrtValue> seeds,
        CancellationToken cancellationToken)
    {
        var input = compiled.Analysis.Input;
        using var runner = new SeededRunner(
            SeededExplanation.Compile(
                compiled.Analysis.Model, compiled.Runner.Explanation.Stops, [made.Map.Layer], [made.Map.Method], input.Name,
                input.IsChannelsLast, keepsBalances: true),
            Device);
        using var run = runner.Forward(feeds.Values, cancellationToken);
        double[] balances = runner.Balances(run, seeds, cancellationToken)[place];
        return OpenAccount.Error(made.Map.Method, made.Accounts.Accounts[place], runner.Explanation.Maps[0].Balanced, balances);
    }

    /// <summary>What is said of methods whose weights are averages over positions, where a score belongs to a place.</summary>
    private static IEnumerable<string> WithoutPlace(Compiled compiled) => compiled.Analysis.Head.IsAboutWholePicture ? []
        : compiled.Methods.OfType<WeightedCam>().Select(m =>
            $"{m.Title} weighs whole channels, so its maps do not tell one object from another; those of {MethodForPlaces.Title} do.");

    private Scored Score(TargetAnalysis analysis, ForwardRun run, InputFeeds feeds, TargetInput input, IReadOnlyList<Target> targets)
    {
        if (targets.Count == 0)
        {
            targets = [analysis.Head.Default ?? throw new ExplanationException(
                ExplanationError.UnknownTarget, $"'{ModelName}' has no natural target: {analysis.Head.Reason} ({analysis.Head.Task}).",
                $"Name one: {analysis.Head.Examples}.")];
        }

        var readings = Readings(analysis, run, feeds, input);
        var scores = readings.Select(r => targets.Select(t => TargetReader.Score(t, analysis.Head, r)).ToArray()).ToArray();
        return new Scored(targets, readings, scores);
    }

    private static List<HeadReading> Readings(TargetAnalysis analysis, ForwardRun run, InputFeeds feeds, TargetInput input)
    {
        var values = new Dictionary<string, RunValue>(StringComparer.Ordinal);
        IEnumerable<string> names = analysis.Model.Graph.Outputs.Concat(feeds.Values.Keys.Where(k => k != analysis.Input.Name));
        foreach (string name in names)
        {
            if (run.Numbers(name) is { } value)
                values[name] = value;
        }

        var made = new ModelRun(values, analysis.Logits);
        var frame = input.Placement is { } p ? new PixelFrame(p.ScaleX, p.ScaleY, p.OffsetX, p.OffsetY, p.Width, p.Height)
            : PixelFrame.Network;
        var readings = Enumerable.Range(0, (int)input.Shape[0].Value).Select(item => analysis.Head.Read(made, item, frame)).ToList();
        readings.ForEach(r => r.VectorOf = input.VectorOf);
        return readings;
    }

    private List<Layer> FindLayers(TargetAnalysis analysis, HashSet<string> stops, string? wanted)
    {
        var finder = new LayerFinder(analysis.Model, analysis.Input.Name, [.. stops.Order(StringComparer.Ordinal)]);
        if (wanted is { } named)
            return [.. named.Split('+', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Select(name => Checked(finder.Named(name, options.Explainer.LayerFormat)))];
        if (!analysis.Head.IsAboutWholePicture)
        {
            var levels = TargetLayers.Find(analysis.Model, analysis.Input.Name, analysis.Context.InputSize, stops);
            if (levels.Count > 0)
            {
                return [.. levels.Select(l => finder.Named(l, null) with
                {
                    Reason = "the last value that this score is read from in more than one position" + (
                        levels.Count > 1 ? ", at its own level" : ""),
                })];
            }
        }

        return [Checked(finder.Default())];

        static Layer Checked(Layer layer)
        {
            // Tokens that nothing lays out are refused here, with what to give.
            _ = layer.Spatial;
            return layer;
        }
    }

    private InputFeeds Feed(TargetInput input)
    {
        var declared = Input.Declared;
        bool fits = input.Shape.Rank == declared.Rank && input.Shape.IsStatic && input.Shape.Size == input.Batch.Length
            && input.Batch.Length > 0 && input.Shape.Zip(declared).All(l => !l.Second.IsKnown || l.First == l.Second);
        if (!fits)
        {
            throw new ModelException($"The input '{Input.Name}' of '{ModelName}' takes {declared}; the data has the shape {input.Shape} " +
                $"and {input.Batch.Length} values.");
        }

        var spatial = (Input with { Shape = input.Shape }).Spatial;
        var size = input.Placement is { } p ? (p.Width, p.Height)
            : spatial.Rank >= 2 ? ((int)spatial[-1].Value, (int)spatial[-2].Value) : (1, 1);
        return InputFeeds.Create(
            model, (Input.Name, Input.Type, input.Batch, input.Shape),
            input.Others.ToDictionary(o => o.Key, o => (o.Value.Shape, (IReadOnlyList<double>)o.Value.Values)), size);
    }

    private static TargetReading Public(HeadReading reading) => new(
        reading.Item, reading.Detections,
        [.. reading.Classes.Take(reading.ReportedClasses)
            .Select(c => new Prediction(c.Class, c.Label, (float)c.Probability, (float)c.Score))],
        reading.Summary);

    private sealed record Compiled(
        string Parts, TargetAnalysis Analysis, SeededRunner Runner, IReadOnlyList<Layer> Layers, IReadOnlyList<ExplanationMethod> Methods,
        bool AreLayersNamed, OwnLevel? Level)
    {
        /// <summary>What has been asked for and is answered by this graph.</summary>
        public HashSet<string> Asked { get; } = [];
    }

    private sealed record Scored(IReadOnlyList<Target> Targets, IReadOnlyList<HeadReading> Readings, IReadOnlyList<TargetScore[]> Scores)
    {
        public HashSet<string> Stops => [.. Scores.SelectMany(s => s).SelectMany(s => s.Seeds).Select(s => s.Value)];

        public IEnumerable<(int Target, TargetScore Score)> All => Scores.SelectMany(item => item.Select((s, t) => (t, s)));
    }
}
