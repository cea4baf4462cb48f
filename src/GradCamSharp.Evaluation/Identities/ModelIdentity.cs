using GradCamSharp.Targets;

namespace GradCamSharp.Evaluation.Identities;

/// <summary>The model of an experiment.</summary>
/// <param name="File">Its file as the experiment was given it.</param>
/// <param name="Sha256">
/// The file's SHA-256, in lower-case hexadecimal digits. Of a model whose weights lie in other files that of a text: a line with the
/// SHA-256 of its own file and one of each of the others.
/// </param>
/// <param name="Layer">The layer that is explained.</param>
/// <param name="LayerFormat">How that layer is laid out.</param>
/// <param name="Head">What makes probabilities of its scores: softmax or sigmoid.</param>
/// <param name="Classes">The number of its classes.</param>
/// <param name="Labels">The SHA-256 of its classes' names.</param>
/// <param name="Device">Where it runs: cpu, cuda, directml or coreml.</param>
/// <param name="Output">The value that holds the class scores, where an output was named; null where it was found.</param>
public sealed record ModelIdentity(string File, string Sha256, string Layer, string LayerFormat, string Head, long Classes, string Labels,
    string Device, string? Output = null)
{
    /// <summary>The identity of a loaded model.</summary>
    /// <param name="explainer">The model.</param>
    /// <param name="device">Where it runs.</param>
    /// <exception cref="IOException">Its file cannot be read again.</exception>
    public static ModelIdentity Of(PictureExplainer explainer, string device)
    {
        ArgumentNullException.ThrowIfNull(explainer);
        var model = explainer.Model;
        return new ModelIdentity(
            model.ModelName, Digest.OfModel(model.ModelName), model.Layer.Name, model.Layer.Format.Name(),
            model.Score.Activation == ScoreActivation.Sigmoid ? "sigmoid" : "softmax", model.ClassCount,
            Digest.OfLines(Enumerable.Range(0, (int)model.ClassCount).Select(i => explainer.Labels[i])), device,
            model.Options.Output is null ? null : model.Score.Value);
    }

    /// <summary>Whether a file is this model: by its content, and that of the files where its weights lie.</summary>
    /// <param name="path">An .onnx file.</param>
    /// <exception cref="OnnxGrad.ModelException">It is no model.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public bool Is(string path) => Digest.OfModel(path) == Sha256;
}
