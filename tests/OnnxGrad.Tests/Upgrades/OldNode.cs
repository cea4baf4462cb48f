using OnnxGrad.Tests.Model;
using static OnnxGrad.Tests.Model.Runtime;

namespace OnnxGrad.Tests.Upgrades;

/// <summary>A model of one node as an old opset writes it: random inputs, then a vector of floats, then constants.</summary>
internal sealed record OldNode(long Opset, string Operator, long[] First, params Shape[] More)
{
    public (string Name, object Value)[] Attributes { get; init; } = [];

    public double[] Floats { get; init; } = [];

    public bool FloatsAreConstant { get; init; }

    public int FloatsAt { get; init; } = 1;

    public Value[] Constants { get; init; } = [];

    public int Outputs { get; init; } = 1;

    public double Low { get; init; } = Array.Exists(["BatchNormalization", "ReduceLogSum"], o => o == Operator) ? 0.5 : -2;

    public long Target { get; init; } = OnnxModel.OldestOpset;

    private IEnumerable<Shape> Random => First.Length == 0 ? More : More.Prepend(new Shape(First));

    public byte[] Write()
    {
        var model = new TestModel(Opset);
        var inputs = new List<string>();
        foreach (var shape in Random)
        {
            inputs.Add($"x{inputs.Count}");
            model.Input(inputs[^1], ElementType.Float, shape.ToArray());
        }

        if (Floats.Length > 0)
        {
            while (inputs.Count < FloatsAt)
                inputs.Add("roi");
            if (inputs.Contains("roi"))
                model.Constant("roi", ElementType.Float, [0]);
            inputs.Add("floats");
            if (FloatsAreConstant)
                model.Constant("floats", ElementType.Float, [Floats.Length], Floats);
            else
                model.Input("floats", ElementType.Float, Floats.Length);
        }

        foreach (var constant in Constants)
        {
            inputs.Add($"c{inputs.Count}");
            model.Constant(inputs[^1], constant.Type, constant.Shape.ToArray(), constant.Data);
        }

        string[] outputs = [.. Enumerable.Range(0, Outputs).Select(i => $"y{i}")];
        foreach (string output in outputs)
            model.Output(output);
        return model.Node(Operator, [.. inputs], outputs, Attributes).Bytes();
    }

    public Dictionary<string, Value> Feeds()
    {
        var feeds = Random.Select((s, i) => (s, i)).ToDictionary(p => $"x{p.i}", p => Value.Random(p.s, p.i, Low));
        if (Floats.Length > 0 && !FloatsAreConstant)
            feeds["floats"] = new(ElementType.Float, new Shape(Floats.Length), Floats);
        return feeds;
    }

    public override string ToString()
    {
        string attributes = string.Join(' ', Attributes.Select(a => $"{a.Name}={Text(a.Value)}"));
        return $"{Operator} {Opset} [{string.Join(',', First)}] {attributes} {string.Join(',', Floats)}" +
            $"{(FloatsAreConstant ? " constant" : "")}";

        static object Text(object value) =>
            value is System.Collections.IEnumerable list and not string ? string.Join(',', list.Cast<object>()) : value;
    }
}
