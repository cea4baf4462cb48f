using OnnxGrad;

namespace GradCamSharp.Targets;

/// <summary>What turns scores into probabilities.</summary>
public enum ScoreActivation
{
    /// <summary>One class a picture: the probabilities of all classes sum to 1.</summary>
    Softmax,

    /// <summary>Several labels a picture: each class has a probability of its own.</summary>
    Sigmoid,
}

/// <summary>The class scores S of a model: the value before a final Softmax, LogSoftmax or Sigmoid, [N, C] or [N, C, 1, ...].</summary>
/// <param name="Value">The value's name.</param>
/// <param name="Activation">How probabilities follow from the scores: as the model says, or softmax where it says nothing.</param>
public sealed record ScoreHead(string Value, ScoreActivation Activation)
{
    /// <summary>Finds the scores of a classifier.</summary>
    /// <param name="model">The model.</param>
    /// <exception cref="ModelException">The model has no output that could be class scores.</exception>
    public static ScoreHead Find(OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var graph = model.Graph;
        var output = model.Outputs.FirstOrDefault(o => o.Type.IsFloatingPoint() || o.Type == ElementType.Undefined)
            ?? throw new ModelException($"'{model.Name}' has no floating-point output, so no class scores. Give a classifier.");
        string value = output.Name;
        string below = value;
        while (graph.Producer(below) is { } node)
        {
            switch (node.QualifiedOperator)
            {
                case "Identity" or "Reshape" or "Flatten" or "Squeeze" or "Unsqueeze" or "Cast" or "Dropout"
                    or "QuantizeLinear" or "DequantizeLinear":
                    below = node.Inputs[0];
                    continue;
                case "Softmax" or "LogSoftmax":
                    return new ScoreHead(node.Inputs[0], ScoreActivation.Softmax);
                case "Sigmoid":
                    return new ScoreHead(node.Inputs[0], ScoreActivation.Sigmoid);
                default:
                    return new ScoreHead(value, ScoreActivation.Softmax);
            }
        }

        return new ScoreHead(value, ScoreActivation.Softmax);
    }

    /// <summary>Turns the scores of one picture into probabilities.</summary>
    /// <param name="scores">[C].</param>
    /// <param name="probabilities">[C], in [0, 1].</param>
    public void Probabilities(ReadOnlySpan<float> scores, Span<float> probabilities)
    {
        if (Activation == ScoreActivation.Sigmoid)
        {
            System.Numerics.Tensors.TensorPrimitives.Sigmoid(scores, probabilities);
            return;
        }

        float largest = System.Numerics.Tensors.TensorPrimitives.Max(scores);
        System.Numerics.Tensors.TensorPrimitives.Subtract(scores, largest, probabilities);
        System.Numerics.Tensors.TensorPrimitives.Exp(probabilities, probabilities);
        System.Numerics.Tensors.TensorPrimitives.Divide(
            probabilities, System.Numerics.Tensors.TensorPrimitives.Sum<float>(probabilities), probabilities);
    }
}
