using System.Collections.Immutable;
using GradCamSharp.Models;
using OnnxGrad;

namespace GradCamSharp.Cli.Explaining;

/// <summary>A model with any outputs: opened for pictures or for tensors when the first of them comes.</summary>
internal sealed class LoadedTargets(
    string path, TargetOptions options, string? preprocess, string? labels, ImmutableDictionary<string, InputTensor> others,
    int? frameStride = null, int longestSide = 480) : IDisposable
{
    private PictureTargets? pictures;
    private FilmTargets? films;
    private TargetExplainer? tensors;
    private string? task;

    /// <summary>The model with its preprocessing.</summary>
    public PictureTargets Pictures => pictures ??= PictureTargets.Load(path, options, preprocess, labels, others);

    /// <summary>The model for films.</summary>
    public FilmTargets Films => films ??= FilmTargets.Load(path, options, preprocess, labels, others, frameStride, longestSide);

    /// <summary>The model alone.</summary>
    public TargetExplainer Tensors => tensors ??= TargetExplainer.Load(
        path, options.WithSidecars(SidecarFiles.Find(path, OnnxModel.Load(path).Metadata, preprocess, labels)));

    /// <summary>Says once, on standard error, what the model does, why that is thought and how pictures are prepared.</summary>
    /// <param name="json">Whether a document is written, which says it itself.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    /// <returns>The task.</returns>
    public string SayTask(bool json, CancellationToken cancellationToken) =>
        task ??= Say(Pictures.Model, Pictures.PreprocessingSource, json, cancellationToken);

    /// <summary>The same for films: also which frames a clip takes.</summary>
    /// <param name="json">Whether a document is written, which says it itself.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    /// <returns>The task.</returns>
    public string SayFilmTask(bool json, CancellationToken cancellationToken)
    {
        if (task is not null)
            return task;
        task = Say(Films.Model, Films.PreprocessingSource, json, cancellationToken);
        var sampling = Films.Sampling;
        if (!json && sampling.Length > 1)
        {
            string every = sampling.Stride == 1 ? "" : FormattableString.Invariant($", every {sampling.Stride} frames");
            Console.Error.WriteLine(FormattableString.Invariant($"clips: {sampling.Length} frames{every} ({sampling.Source})"));
        }

        return task;
    }

    private string Say(TargetExplainer model, string preprocessing, bool json, CancellationToken cancellationToken)
    {
        var description = model.Describe(model.Zeros(others), cancellationToken);
        if (!json)
        {
            Console.Error.WriteLine($"{Path.GetFileName(path)}: {description.Task}, since {description.Reason}");
            Console.Error.WriteLine($"preprocessing: {preprocessing}");
        }

        foreach (string doubt in description.Doubts)
            Console.Error.WriteLine($"{doubt}. Check the labels and the preprocessing.");

        return description.Task;
    }

    public void Dispose()
    {
        pictures?.Dispose();
        films?.Dispose();
        tensors?.Dispose();
    }
}
