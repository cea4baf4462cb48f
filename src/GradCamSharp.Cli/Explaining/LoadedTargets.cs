using System.Collections.Immutable;
using GradCamSharp.Models;
using OnnxGrad;

namespace GradCamSharp.Cli.Explaining;

/// <summary>A model with any outputs: opened for pictures or for tensors when the first of them comes.</summary>
internal sealed class LoadedTargets(
    string path, TargetOptions options, string? preprocess, string? labels, ImmutableDictionary<string, InputTensor> others) : IDisposable
{
    private PictureTargets? pictures;
    private TargetExplainer? tensors;
    private string? task;

    /// <summary>The model with its preprocessing.</summary>
    public PictureTargets Pictures => pictures ??= PictureTargets.Load(path, options, preprocess, labels, others);

    /// <summary>The model alone.</summary>
    public TargetExplainer Tensors => tensors ??= TargetExplainer.Load(
        path, options.WithSidecars(SidecarFiles.Find(path, OnnxModel.Load(path).Metadata, preprocess, labels)));

    /// <summary>Says once, on standard error, what the model does, why that is thought and how pictures are prepared.</summary>
    /// <param name="json">Whether a document is written, which says it itself.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    /// <returns>The task.</returns>
    public string SayTask(bool json, CancellationToken cancellationToken)
    {
        if (task is not null)
            return task;
        var model = Pictures.Model;
        var description = model.Describe(model.Zeros(others), cancellationToken);
        if (!json)
        {
            Console.Error.WriteLine($"{Path.GetFileName(path)}: {description.Task}, since {description.Reason}");
            Console.Error.WriteLine($"preprocessing: {Pictures.PreprocessingSource}");
        }

        return task = description.Task;
    }

    public void Dispose()
    {
        pictures?.Dispose();
        tensors?.Dispose();
    }
}
