using OnnxGrad;

namespace GradCamSharp.Methods;

/// <summary>The layer's values as the graph has them, in the layer's own layout: what runs of the part behind it begin with.</summary>
internal sealed record LayerValueMethod : GraphMethod
{
    public override string Name => "layer-value";

    public override string Title => "Layer value";

    public override string Equation => "A";

    public override string Summary => "The layer's values.";

    public override MethodFamily Family => MethodFamily.Concept;

    public override string Cost => "F up to the layer";

    public override Tensor Map(MapContext context) => context.LayerValue;
}

/// <summary>The gradient at the layer, [N, K, spatial...].</summary>
internal sealed record LayerGradientMethod : GraphMethod
{
    public override string Name => "layer-gradient";

    public override string Title => "Layer gradient";

    public override string Equation => "dS/dA";

    public override string Summary => "The gradient at the layer.";

    public override MethodFamily Family => MethodFamily.Gradient;

    public override Tensor Map(MapContext context) => context.Gradient;
}

/// <summary>
/// Any value of the graph as it is: what runs of the part behind the layer are computed from where they need not be made.
/// </summary>
/// <param name="Value">The value's name.</param>
internal sealed record GraphValueMethod(string Value) : GraphMethod
{
    public override string Name => "graph-value";

    public override string Title => "Graph value";

    public override string Equation => "v";

    public override string Summary => "A value of the graph.";

    public override MethodFamily Family => MethodFamily.Concept;

    public override Tensor Map(MapContext context) => context.LayerValue.Graph[Value];
}
