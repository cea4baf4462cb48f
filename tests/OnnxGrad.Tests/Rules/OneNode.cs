using Google.Protobuf;
using OnnxGrad.Tests.Model;

namespace OnnxGrad.Tests.Rules;

/// <summary>A single node on vectors, for gradients worked by hand.</summary>
internal static class OneNode
{
    /// <summary>The gradients at each vector.</summary>
    /// <param name="op">The operator.</param>
    /// <param name="dy">The gradient at its result.</param>
    /// <param name="vectors">What it reads first.</param>
    /// <param name="scalars">The constants that it reads after them.</param>
    /// <param name="rules">Rules that replace those of some operators.</param>
    public static double[][] Gradients(
        string op, double[] dy, double[][] vectors, double[]? scalars = null, RuleSet? rules = null)
    {
        scalars ??= [];
        var test = new TestModel(OnnxModel.OldestOpset);
        for (int i = 0; i < vectors.Length; i++)
            test.Input($"x{i}", ElementType.Float, vectors[i].Length);
        for (int i = 0; i < scalars.Length; i++)
            test.Constant($"c{i}", ElementType.Float, [], scalars[i]);
        string[] names = [.. vectors.Select((_, i) => $"x{i}")];
        test.Node(op, [.. names, .. scalars.Select((_, i) => $"c{i}")], ["y"]).Output("y");
        var model = OnnxModel.Parse(test.Proto.ToByteArray());
        model = model.WithShapes(ShapeInference.Analyse(
            model, names.Select((n, i) => (n, i)).ToDictionary(p => p.n, p => new Shape(vectors[p.i].Length))));
        var graph = model.Graph;

        var y = graph["y"];
        var seed = graph.Constant(ElementType.Float, y.Shape, dy);
        var gradients = ReverseMode.Gradients(y, seed, [.. names.Select(n => graph[n])], StandardOperators.Registry, rules);
        for (int i = 0; i < names.Length; i++)
            graph.Output($"d{names[i]}", gradients[i]!.Value);
        using var session = Runtime.Session(model);
        var feeds = names.Zip(vectors).ToDictionary(
            p => p.First, p => new Runtime.Value(ElementType.Float, new Shape(p.Second.Length), p.Second));
        var results = Runtime.Run(session, feeds);
        return [.. names.Select(n => results[$"d{n}"].Data)];
    }

    /// <summary>The gradient at the only vector.</summary>
    public static double[] Gradient(string op, double[] dy, double[] x, double[]? scalars = null, RuleSet? rules = null) =>
        Gradients(op, dy, [x], scalars, rules)[0];
}
