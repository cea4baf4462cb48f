using System.Runtime.InteropServices;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using OnnxGrad.Upgrades;

namespace OnnxGrad.Tests.NodeTests;

/// <summary>What came of comparing a test's gradient with central differences.</summary>
/// <param name="Unqualified">
/// Why there is nothing to compare: no floating-point input on which a floating-point output depends, or ONNX Runtime cannot run
/// the model. Null if it qualifies.
/// </param>
/// <param name="Disagreement">Why it failed; null if it agrees.</param>
internal sealed record NodeGradientResult(string? Unqualified = null, string? Disagreement = null)
{
    public bool Qualifies => Unqualified is null;
}

/// <summary>
/// Compares the gradient of one of the standard's tests with central differences at the test's own inputs: of a random weighting of
/// all outputs, along every element of a small input and along random directions of a large one. In double precision where ONNX
/// Runtime has the operator so, else in single. Where the given inputs sit on a kink (left and right differences differ) they are
/// moved a little, always in the same way.
/// </summary>
internal sealed class NodeGradientCheck
{
    private const int SmallInput = 16, Directions = 6;

    // Inputs on a kink are moved: towards zero first, then away from it, one of which stays inside a domain with a bound; then far
    // towards zero, out of reach of a pole.
    private static readonly double[] Moves = [0.96, 1.1, 0.5];

    // Declared for double precision, but computed in single: differences of rounded values say nothing about a short step.
    private static readonly string[] ComputedInSingle = ["Shrink"];

    private readonly NodeTest test;
    private readonly ElementType type;
    private readonly System.Random random;

    private NodeGradientCheck(NodeTest test, ElementType type)
    {
        this.test = test;
        this.type = type;
        random = new System.Random(test.Name.Aggregate(17, (h, c) => unchecked((h * 31) + c)));
    }

    public static NodeGradientResult Run(NodeTest test)
    {
        if (test.Opset < OpsetUpgrade.OldestReadable)
            return new NodeGradientResult($"it is written for opset {test.Opset}, older than what is read");
        try
        {
            if (!ComputedInSingle.Contains(test.Operator))
                return new NodeGradientCheck(test, ElementType.Double).Run();
        }
        catch (Exception e) when (IsRefusal(e))
        {
            // No kernel for double precision.
        }

        var single = new NodeGradientCheck(test, ElementType.Float);
        try
        {
            return single.Run();
        }
        catch (Exception e) when (IsRefusal(e))
        {
            return single.CanRun()
                ? new NodeGradientResult(Disagreement: e.Message)
                : new NodeGradientResult($"ONNX Runtime cannot run it: {e.Message}");
        }
    }

    private static bool IsRefusal(Exception e) => e is OnnxRuntimeException or ModelException { InnerException: OnnxRuntimeException };

    /// <summary>Whether ONNX Runtime takes the model itself, as it is or brought to the newest form.</summary>
    private bool CanRun()
    {
        byte[] bytes = Precision.Retype(test, type).ToByteArray();
        using var options = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        return Opens(() => new InferenceSession(bytes, options)) || Opens(() => OnnxModel.Parse(bytes, test.Name).OpenSession(options));

        static bool Opens(Func<InferenceSession> open)
        {
            try
            {
                open().Dispose();
                return true;
            }
            catch (Exception e) when (IsRefusal(e))
            {
                return false;
            }
        }
    }

    private NodeGradientResult Run()
    {
        var model = OnnxModel.Parse(Precision.Retype(test, type).ToByteArray(), test.Name);
        var graph = model.Graph;
        string[] inputs = [.. graph.Inputs];
        string[] outputs = [.. test.Outputs.Where(o => Precision.IsReal(o.DataType) && o.Dims.All(d => d > 0)).Select(o => o.Name)];
        var paths = outputs.ToDictionary(o => o, o => DifferentiationPath.Between(graph, inputs, o, StandardOperators.Registry));
        outputs = [.. outputs.Where(o => paths[o].Nodes.Count > 0)];
        if (outputs.Length == 0
            || (StandardOperators.Registry.Find(test.Operator)?.Rule is null && paths.Values.Any(p => p.Missing.Count > 0)))
            return new NodeGradientResult("no floating-point output depends on a floating-point input");

        var feeds = test.Inputs.Where(i => inputs.Contains(i.Name)).ToDictionary(
            i => i.Name,
            i => new Fed(new Shape([.. i.Dims]), Array.ConvertAll(Precision.Reals(i), x => double.IsFinite(x) ? x : random.NextDouble())));
        if (feeds.Values.Sum(f => f.Values.Length) == 0)
            return new NodeGradientResult("its inputs are empty");
        model = model.WithShapes(ShapeInference.Analyse(model, feeds.ToDictionary(f => f.Key, f => f.Value.Shape)));
        graph = model.Graph;
        using var options = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, IntraOpNumThreads = 1 };
        using var plain = model.Copy().OpenSession(options);
        var weights = outputs.ToDictionary(o => o, o => Numbers(graph[o].Shape.Size.Value, () => (2 * random.NextDouble()) - 1));
        Dictionary<string, string> gradients;
        try
        {
            gradients = Differentiate(graph, inputs, outputs, weights);
        }
        catch (ModelException e)
        {
            return new NodeGradientResult(Disagreement: e.Message);
        }

        graph.Prune();
        using var session = model.OpenSession(options);
        string? disagreement = null;
        for (int attempt = 0; attempt <= Moves.Length; attempt++)
        {
            bool kink = false;
            disagreement = null;
            foreach (string input in inputs)
            {
                double[] x = feeds[input].Values;
                double[]? gradient = gradients.TryGetValue(input, out string? name) ? Evaluate(session, feeds, name)[0] : null;
                foreach (double[] direction in DirectionsFor(x.Length))
                {
                    var numeric = Difference(plain, feeds, input, direction, weights);
                    kink |= numeric.IsKink;
                    double analytic = 0;
                    for (int i = 0; i < x.Length; i++)
                        analytic += (gradient?[i] ?? 0) * direction[i];
                    double scale = Math.Max(1, Math.Max(numeric.Slope, -numeric.Slope) + numeric.Size);
                    double tolerance = (type == ElementType.Double ? 1e-6 : 5e-3) * scale;
                    if (!(Math.Abs(analytic - numeric.Slope) <= tolerance))
                        disagreement ??= $"with respect to '{input}' the rule says {analytic:g6}, " +
                            $"central differences say {numeric.Slope:g6} ({type})";
                }
            }

            if (disagreement is null || !kink || attempt == Moves.Length)
                break;
            foreach (var fed in feeds.Values)
            {
                for (int i = 0; i < fed.Values.Length; i++)
                    fed.Values[i] = Rounded((fed.Values[i] * Moves[attempt]) + (0.02 * random.NextDouble()));
            }
        }

        return new NodeGradientResult(Disagreement: disagreement);
    }

    /// <summary>Appends the gradients of the weighted outputs and answers with their names, by input.</summary>
    private Dictionary<string, string> Differentiate(Graph graph, string[] inputs, string[] outputs, Dictionary<string, double[]> weights)
    {
        var sums = new Dictionary<string, Tensor>();
        foreach (string output in outputs)
        {
            var seed = graph.Constant(type, graph[output].Shape, weights[output]);
            var found = ReverseMode.Gradients(graph[output], seed, [.. inputs.Select(i => graph[i])], StandardOperators.Registry);
            for (int i = 0; i < inputs.Length; i++)
            {
                if (found[i] is { } gradient)
                    sums[inputs[i]] = sums.TryGetValue(inputs[i], out var sum) ? sum + gradient : gradient;
            }
        }

        foreach (var (input, gradient) in sums)
        {
            Assert.Equal(graph[input].Shape, gradient.Shape);
            graph.Output($"d/{input}", gradient);
        }

        return sums.Keys.ToDictionary(i => i, i => $"d/{i}");
    }

    private sealed record Fed(Shape Shape, double[] Values);

    private sealed record Slopes(double Slope, double Size, bool IsKink);

    /// <summary>
    /// The fourth-order central difference of the weighted outputs along a direction, and whether the slopes to both sides differ.
    /// </summary>
    private Slopes Difference(
        InferenceSession session, Dictionary<string, Fed> feeds, string input, double[] direction, Dictionary<string, double[]> weights)
    {
        // Many elements have many kinks nearby; a short step seldom crosses one.
        double step = type == ElementType.Float ? 1.0 / 128 : direction.Length <= SmallInput ? 1e-4 : 1e-6;
        double[] at = [.. Enumerable.Range(-2, 5).Select(k => Value(k * step))];
        double slope = (at[0] - (8 * at[1]) + (8 * at[3]) - at[4]) / (12 * step);
        double left = (at[2] - at[1]) / step, right = (at[3] - at[2]) / step;
        double size = Math.Max(Math.Abs(left), Math.Abs(right));
        return new Slopes(slope, size, !double.IsFinite(slope) || Math.Abs(left - right) > 1e-5 * Math.Max(1, size));

        double Value(double distance)
        {
            var fed = feeds[input];
            double[] moved = [.. fed.Values];
            for (int i = 0; i < moved.Length; i++)
                moved[i] = Rounded(moved[i] + (distance * direction[i]));
            var moves = new Dictionary<string, Fed>(feeds) { [input] = fed with { Values = moved } };
            double[][] y = Evaluate(session, moves, [.. weights.Keys]);
            return weights.Values.Zip(y, (w, v) => w.Zip(v, (a, b) => a * b).Sum()).Sum();
        }
    }

    private IEnumerable<double[]> DirectionsFor(int length) => length <= SmallInput
        ? Enumerable.Range(0, length).Select(i => Enumerable.Range(0, length).Select(j => i == j ? 1.0 : 0).ToArray())
        : Enumerable.Range(0, Directions).Select(_ => Numbers(length, () => (random.Next(2) * 2) - 1)).ToArray();

    private static double[] Numbers(long length, Func<double> draw)
    {
        double[] drawn = new double[length];
        for (int i = 0; i < drawn.Length; i++)
            drawn[i] = draw();
        return drawn;
    }

    private double[][] Evaluate(InferenceSession session, Dictionary<string, Fed> feeds, params string[] outputs)
    {
        var inputs = feeds.ToDictionary(f => f.Key, f => Value(f.Value));
        using var run = new RunOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        try
        {
            using var results = session.Run(run, inputs, outputs);
            return [.. results.Select(r => type == ElementType.Double ? r.GetTensorDataAsSpan<double>().ToArray()
                : Array.ConvertAll(r.GetTensorDataAsSpan<float>().ToArray(), v => (double)v))];
        }
        finally
        {
            foreach (var input in inputs.Values)
                input.Dispose();
        }
    }

    private OrtValue Value(Fed fed)
    {
        var value = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, (TensorElementType)type, fed.Shape.ToArray());
        var bytes = value.GetTensorMutableRawData();
        if (type == ElementType.Double)
            MemoryMarshal.AsBytes(fed.Values.AsSpan()).CopyTo(bytes);
        else
            MemoryMarshal.AsBytes(Array.ConvertAll(fed.Values, v => (float)v).AsSpan()).CopyTo(bytes);
        return value;
    }

    private double Rounded(double value) => type == ElementType.Float ? (float)value : value;
}
