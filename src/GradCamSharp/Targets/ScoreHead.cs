using System.Runtime.CompilerServices;
using GradCamSharp.Errors;
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
    /// <param name="output">The output that holds the scores or their probabilities; null to choose it where only one can.</param>
    /// <exception cref="ModelException">
    /// No output can be class scores, there is no output of that name, or several could be and none is named.
    /// </exception>
    public static ScoreHead Find(OnnxModel model, string? output = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        var graph = model.Graph;
        string value = output is null ? OutputOf(model) : Named(model, output);
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

    private static string Named(OnnxModel model, string output) => model.Outputs.Any(o => o.Name == output)
        ? output
        : throw new ExplanationException(
            ExplanationError.UnknownOutput, $"'{model.Name}' has no output '{output}'.", $"Its outputs are {Names(model.Outputs)}.");

    /// <summary>
    /// The only output that can be class scores: a vector an item that no other output is computed from. Where several are left, those that
    /// end in Softmax or Sigmoid come first. Scores are never guessed: vectors of features look the same.
    /// </summary>
    private static string OutputOf(OnnxModel model)
    {
        var floats = model.Outputs.Where(o => o.Type.IsFloatingPoint() || o.Type == ElementType.Undefined).ToList();
        if (floats.Count == 0)
            throw new ModelException($"'{model.Name}' has no floating-point output, so no class scores. Give a classifier.");
        if (floats.Count == 1)
            return floats[0].Name;
        var vectors = floats.Where(o => o.Shape is not { } shape || (shape.Rank >= 2 && shape.Skip(2).All(l => l == 1))).ToList();
        var last = vectors.Where(o => !vectors.Any(other =>
            IsMadeFrom(model, other.Name, o.Name) && !IsMadeFrom(model, o.Name, other.Name))).ToList();
        if (last.Count > 1 && last.Where(o => model.Graph.Producer(o.Name)?.Operator is "Softmax" or "Sigmoid").ToList() is [var only])
            return only.Name;
        return last switch
        {
            [var one] => one.Name,
            [] => throw new ModelException($"No output of '{model.Name}' can be class scores: {Names(floats)}. Give a classifier."),
            _ => throw new ExplanationException(
                ExplanationError.AmbiguousOutput, $"Several outputs of '{model.Name}' could be the class scores: {Names(last)}.",
                "Name one of them as ExplainerOptions.Output."),
        };
    }

    private static bool IsMadeFrom(OnnxModel model, string output, string other)
    {
        var graph = model.Graph;
        // An output is often a copy of the value that the network goes on with.
        while (graph.Producer(other) is { Operator: "Identity" or "Flatten" or "Reshape" or "Squeeze" } copy)
            other = copy.Inputs[0];
        return DifferentiationPath.Between(graph, [other], output, model.Operators).Nodes.Count > 0;
    }

    private static string Names(IEnumerable<ValueDeclaration> outputs) => string.Join(
        ", ", outputs.Select(o => $"'{o.Name}' {o.Shape?.ToString() ?? "of unknown shape"}"));

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

    /// <summary>The probabilities of some classes of one picture, in a loop of our own: it is fast from its first call on.</summary>
    /// <param name="scores">[C].</param>
    /// <param name="classes">The classes.</param>
    /// <param name="probabilities">One a class, in [0, 1].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void ProbabilitiesOf(ReadOnlySpan<float> scores, ReadOnlySpan<long> classes, Span<float> probabilities)
    {
        if (Activation == ScoreActivation.Sigmoid)
        {
            for (int c = 0; c < classes.Length; c++)
                probabilities[c] = (float)(1 / (1 + Math.Exp(-scores[(int)classes[c]])));
            return;
        }

        float largest = scores[0];
        foreach (float score in scores)
            largest = Math.Max(largest, score);
        double total = 0;
        foreach (float score in scores)
            total += Math.Exp(score - largest);
        for (int c = 0; c < classes.Length; c++)
            probabilities[c] = (float)(Math.Exp(scores[(int)classes[c]] - largest) / total);
    }
}
