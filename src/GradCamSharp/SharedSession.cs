using System.Collections.Immutable;
using GradCamSharp.Methods;
using GradCamSharp.Runtime;
using GradCamSharp.Targets;
using OnnxGrad;

namespace GradCamSharp;

/// <summary>
/// Explanations of a model's default layer and plain predictions from one session, where the <see cref="Explainer"/>'s own have one
/// each: for work that goes back and forth between them, as experiments on explanations do.
/// </summary>
/// <remarks>
/// One copy of the weights serves both, in memory and in the caches: the backward part is a branch of the graph that predictions do not
/// take. Where that would not pay (maps at the picture's resolution, or of a layer far from the scores), and for several classes at once,
/// it does what the explainer does. Members may be used by several threads at once. It holds nothing of its own: the session is the
/// explainer's, and goes with it.
/// </remarks>
public sealed class SharedSession
{
    private readonly Explainer explainer;
    private readonly IReadOnlyList<ExplanationMethod> methods;

    internal SharedSession(Explainer explainer, IReadOnlyList<ExplanationMethod> methods)
    {
        ArgumentNullException.ThrowIfNull(methods);
        if (methods.Count == 0)
            throw new ArgumentException("Name at least one method.", nameof(methods));
        this.explainer = explainer;
        this.methods = methods;
    }

    /// <summary>Explains a batch of inputs.</summary>
    /// <param name="batch">The inputs, row by row; not changed.</param>
    /// <param name="shape">[N, C, spatial...], as the model takes them.</param>
    /// <param name="classes">The classes, the same for all inputs or by rank.</param>
    /// <param name="cancellationToken">Stops the run; compiling, once begun, is not interrupted.</param>
    /// <exception cref="ModelException">The shape does not fit, a class does not exist, or a method does not apply.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The explainer is disposed.</exception>
    public MapBatch Explain(
        Memory<float> batch, Shape shape, IReadOnlyList<ClassRequest> classes, CancellationToken cancellationToken = default) =>
        explainer.Explain(batch, shape, methods, classes, explainer.Layer, shared: true, cancellationToken);

    /// <summary>The class scores of a batch of inputs.</summary>
    /// <param name="batch">The inputs, row by row; not changed.</param>
    /// <param name="shape">[N, C, spatial...], as the model takes them.</param>
    /// <param name="cancellationToken">Stops the run; compiling, once begun, is not interrupted.</param>
    /// <returns>[N][C]: scores before softmax or sigmoid.</returns>
    /// <exception cref="ModelException">The shape does not fit, or a method does not apply.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The explainer is disposed.</exception>
    public IReadOnlyList<ImmutableArray<float>> Predict(Memory<float> batch, Shape shape, CancellationToken cancellationToken = default) =>
        explainer.Predict(batch, shape, methods, cancellationToken);
}
