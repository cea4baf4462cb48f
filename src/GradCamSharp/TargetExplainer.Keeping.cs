using GradCamSharp.Analysis;
using GradCamSharp.Compilation;
using GradCamSharp.Heads;
using GradCamSharp.Runtime;
using OnnxGrad;

namespace GradCamSharp;

// What is kept between calls: the model as it was read, its session, and graphs that are compiled. Where the lengths of a run do not fit
// them, they are made anew.
public sealed partial class TargetExplainer
{
    private (TargetAnalysis Analysis, ForwardSession Session) Reader(InputFeeds feeds, Shape shape)
    {
        string key = KeyOf(shape, feeds);
        if (reader is { } there && there.Key == key && !isExact)
            return (there.Analysis, there.Session);
        reader?.Session.Dispose();
        reader = null;
        var analysis = Analyse(feeds, dependsOnData && !isExact ? Empty(feeds, shape) : []);
        var session = new ForwardSession(analysis.Model, Device);
        reader = (key, analysis, session);
        return (analysis, session);
    }

    private TargetAnalysis Analyse(InputFeeds feeds, IReadOnlyList<ShapeTable> others) => TargetAnalysis.Of(
        model, Input, feeds.Values, options.Labels, new ToldHead(options.Task, options.Outputs, options.Architectures), others);

    /// <summary>
    /// The lengths of a run on an empty picture. Those that differ from another picture's depend on what is seen.
    /// </summary>
    private List<ShapeTable> Empty(InputFeeds feeds, Shape shape)
    {
        using var zeros = InputValue.Create(Input.Type, new float[shape.Size.Value], shape.ToArray());
        try
        {
            return [ShapeInference.AnalyseRun(
                model, feeds.Values.ToDictionary(f => f.Key, f => f.Key == Input.Name ? zeros : f.Value, StringComparer.Ordinal))];
        }
        catch (ModelException)
        {
            // Some models do not run where they find nothing.
            return [];
        }
    }

    /// <summary>Whether a run has the lengths that its graphs were made for.</summary>
    private bool Fits(ForwardRun run, SeededExplanation explanation)
    {
        if (!dependsOnData)
            return true;
        var open = new Dictionary<Dimension, long>();
        foreach (string value in explanation.Carried)
        {
            var (expected, own) = (explanation.Forward.Graph[value].Shape, run[value].GetTensorTypeAndShape().Shape);
            if (expected.Rank != own.Length)
                return false;
            for (int axis = 0; axis < own.Length; axis++)
            {
                if (expected[axis].IsKnown ? expected[axis].Value != own[axis]
                    : !open.TryAdd(expected[axis], own[axis]) && open[expected[axis]] != own[axis])
                    return false;
            }
        }

        return true;
    }

    /// <summary>
    /// Analyses the model anew, with the lengths of one more input: graphs that are compiled from now on leave them open.
    /// </summary>
    private void Foresee(TargetInput input, InputFeeds feeds)
    {
        var seen = reader?.Analysis.Runs ?? [];
        if (isExact || seen.Count >= MostRuns)
        {
            BeExact();
            return;
        }

        Forget();
        var analysis = Analyse(feeds, seen);
        reader = (KeyOf(input.Shape, feeds), analysis, new ForwardSession(analysis.Model, Device));
    }

    private void BeExact()
    {
        isExact = true;
        Forget();
    }

    private void Forget()
    {
        reader?.Session.Dispose();
        reader = null;
        foreach (var compiled in kept)
            compiled.Runner.Dispose();
        kept.Clear();
    }

    private static string KeyOf(Shape shape, InputFeeds feeds) => string.Join(';',
        feeds.Values.Select(f => $"{f.Key}{string.Join('x', f.Value.GetTensorTypeAndShape().Shape)}").Prepend(shape.ToString()));

    private void MoveToEnd(Compiled compiled)
    {
        kept.Remove(compiled);
        kept.Add(compiled);
    }
}
