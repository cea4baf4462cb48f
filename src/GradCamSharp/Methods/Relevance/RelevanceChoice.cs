using OnnxGrad;

namespace GradCamSharp.Methods;

/// <summary>Which composite suits a network, by its operators.</summary>
/// <param name="Method">The composite.</param>
/// <param name="Reason">Why, as the end of a sentence.</param>
internal sealed record RelevanceChoice(LayerwiseRelevance Method, string Reason)
{
    private static readonly HashSet<string> Smooth =
    [
        "Sigmoid", "HardSigmoid", "Swish", "HardSwish", "Gelu", "Erf", "Mish", "Tanh", "com.microsoft.Gelu", "com.microsoft.FastGelu",
        "com.microsoft.BiasGelu", "com.microsoft.QuickGelu",
    ];

    /// <summary>Chooses by what lies between the input and the explained values.</summary>
    public static RelevanceChoice For(MapContext context)
    {
        var path = context.PathOfInput();
        var graph = context.LayerValue.Graph;
        var items = context.PictureShape[0];
        bool TwoComputed(Node n) => n.Inputs.Count(path.Contains) > 1;
        if (path.Nodes.FirstOrDefault(n => n.QualifiedOperator == "Softmax" && IsAttention(n)) is { } softmax)
        {
            return graph[softmax.Outputs[0]].Shape[0] == items
                ? new(RelevanceMethods.AttentionGamma, "it is a transformer whose attention spans the whole picture")
                : new(RelevanceMethods.Attention, "it is a transformer whose attention stays within windows");
        }

        bool joins = path.Nodes.Any(n => n.QualifiedOperator is "Add" or "Concat" or "Sum" && TwoComputed(n));
        if (path.Nodes.Any(n => Smooth.Contains(n.QualifiedOperator)))
            return new(RelevanceMethods.EpsilonPlusFlat, "it is a convolutional network with gates or smooth activations");
        return joins || path.Nodes.Any(n => n.QualifiedOperator == "BatchNormalization")
            || !path.Nodes.Any(n => n.QualifiedOperator == "MaxPool")
            ? new(RelevanceMethods.EpsilonPlusFlat, "it is a convolutional network with rectifiers")
            : new(RelevanceMethods.EpsilonGammaBox, "it is a plain chain of convolutions and poolings, like VGG");

        bool IsAttention(Node n) => graph.Consumers(n.Outputs[0]).Any(
            reader => reader.QualifiedOperator is "MatMul" or "Einsum" or "Dropout" or "Cast" or "Reshape"
                || graph.GuardedValue(reader) is not null);
    }
}
