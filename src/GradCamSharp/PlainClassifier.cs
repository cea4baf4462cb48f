using GradCamSharp.Analysis;
using GradCamSharp.Heads.Families;
using GradCamSharp.Targets;
using OnnxGrad;

namespace GradCamSharp;

/// <summary>
/// Whether a model is a classifier of one picture, by what the file declares. Only a file that declares no shapes runs, once.
/// </summary>
public static class PlainClassifier
{
    // What thins out boxes or reads regions makes no class scores of the whole picture.
    private static readonly string[] Detecting = ["NonMaxSuppression", "RoiAlign", "GridSample"];

    /// <summary>Whether the <see cref="Explainer"/> reads it right: one input, and an output of one score a class.</summary>
    /// <param name="model">The model.</param>
    /// <param name="output">The output that holds the scores, where the user says; null to look for it.</param>
    public static bool Is(OnnxModel model, string? output = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        // What an export of another model's target wrote is still that model; an export of a classifier is one.
        if (model.Metadata.ContainsKey("gradcam.target"))
            return false;
        if (model.Metadata.ContainsKey("gradcam.methods"))
            return true;
        if (model.Inputs.Count != 1 || model.Graph.Nodes.Any(n => Detecting.Contains(n.Operator)))
            return false;
        string score;
        try
        {
            score = ScoreHead.Find(model, output).Value;
        }
        catch (ModelException)
        {
            // Several outputs could be the scores, or none can: only one of those that are vectors is.
            var shapes = Shapes(model);
            return model.Outputs.All(o => shapes(o) is null or { Rank: 2 });
        }

        if (output is not null)
            return true;
        var declared = model.Outputs.FirstOrDefault(o => Before(model, o.Name, score));
        // A file that does not run is refused by the classifier's way as by any other.
        if (declared is null || Shapes(model)(declared) is not { } shape)
            return true;
        bool isVector = shape.Rank == 2 || (shape.Rank > 3 && shape.Skip(2).All(l => l.GetValueOrDefault(1) == 1));
        return isVector && !VectorHead.IsNoClassifier(model.Graph, declared.Name, shape);
    }

    /// <summary>The outputs' shapes: as they are declared, else as they are when the model runs; null where it does not.</summary>
    private static Func<ValueDeclaration, Shape?> Shapes(OnnxModel model)
    {
        var found = new Lazy<ShapeTable?>(() =>
        {
            try
            {
                var size = new ExplainerOptions().OpenInputSize;
                var input = ModelInput.Find(model, size.Height, size.Width);
                return ShapeInference.Analyse(
                    model, new Dictionary<string, Shape> { [input.Name] = input.Shape }, model.Outputs.Select(o => o.Name));
            }
            catch (ModelException)
            {
                return null;
            }
        });
        return output => output.Shape ?? found.Value?.Find(output.Name)?.Shape;
    }

    // The scores lie before the softmax of the output that they are read from.
    private static bool Before(OnnxModel model, string output, string score)
    {
        string value = output;
        while (value != score && model.Graph.Producer(value) is { } node && node.Inputs.Count > 0)
        {
            if (node.QualifiedOperator is not ("Identity" or "Reshape" or "Flatten" or "Squeeze" or "Unsqueeze" or "Cast" or "Dropout"
                or "QuantizeLinear" or "DequantizeLinear" or "Softmax" or "LogSoftmax" or "Sigmoid"))
                return false;
            value = node.Inputs[0];
        }

        return value == score;
    }
}
