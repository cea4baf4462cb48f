using OnnxGrad;

namespace GradCamSharp.Exporting;

/// <summary>Writes explained models.</summary>
public static class ExplainerExtensions
{
    /// <summary>
    /// Writes the model with its explanation inside as one .onnx file that any ONNX runtime can run: the model's own inputs and outputs,
    /// plus <c>explain_classes</c> int64 [N, K] and <c>explain_METHOD</c> float [N, K, spatial...]. Standard operators alone. The file is
    /// run once, and what it answers is compared with what this explainer does.
    /// </summary>
    /// <param name="explainer">The model.</param>
    /// <param name="path">The file; one that is there is replaced. Not the model's own.</param>
    /// <param name="options">Methods, classes and how it is stored; null for Grad-CAM++ of the most probable class.</param>
    /// <param name="cancellationToken">Stops the check; nothing is then written, and an older file stays.</param>
    /// <exception cref="ModelException">
    /// A method does not apply, an option does not fit, the path is the model's own, or the written file answers otherwise.
    /// </exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written there.</exception>
    public static ExportedModel Export(
        this Explainer explainer, string path, ExportOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(explainer);
        return ModelExporter.Export(explainer, path, options ?? new ExportOptions(), cancellationToken);
    }

    /// <summary>
    /// Writes the model with its explanation inside, as <see cref="Export(Explainer, string, ExportOptions?, CancellationToken)"/> does;
    /// its metadata then holds the preprocessing and the labels too.
    /// </summary>
    /// <param name="explainer">The model with what lies beside it.</param>
    /// <param name="path">The file; one that is there is replaced. Not the model's own.</param>
    /// <param name="options">Methods, classes and how it is stored; null for Grad-CAM++ of the most probable class.</param>
    /// <param name="cancellationToken">Stops the check; nothing is then written, and an older file stays.</param>
    /// <exception cref="ModelException">
    /// A method does not apply, an option does not fit, the path is the model's own, or the written file answers otherwise.
    /// </exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written there.</exception>
    public static ExportedModel Export(
        this PictureExplainer explainer, string path, ExportOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(explainer);
        return explainer.Model.Export(
            path, (options ?? new ExportOptions()) with { SidecarFiles = explainer.SidecarFiles }, cancellationToken);
    }
}
