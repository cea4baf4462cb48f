using GradCamSharp.Evaluation.DataSets;
using GradCamSharp.Methods;
using OnnxGrad;

namespace GradCamSharp.Evaluation.Experiments;

/// <summary>A picture of a run.</summary>
/// <param name="Index">Its place in the whole run, over all shards.</param>
/// <param name="Picture">The picture.</param>
internal sealed record RunPicture(int Index, DataSetPicture Picture);

/// <summary>What all workers of a run share.</summary>
/// <param name="Explainer">The model.</param>
/// <param name="Data">The pictures.</param>
/// <param name="Mapping">Which of the model's classes the data set's are.</param>
/// <param name="Methods">The methods.</param>
/// <param name="Batch">The number of pictures in one forward pass.</param>
/// <param name="Further">What else the same run of the graph computes.</param>
internal sealed record RunContext(
    PictureExplainer Explainer, DataSet Data, ClassMapping Mapping, MeasuredMethods Methods, int Batch,
    IReadOnlyList<ExplanationMethod> Further)
{
    public Explainer Model => Explainer.Model;

    /// <summary>The whole run's pictures, over all shards, in its order.</summary>
    public IReadOnlyList<RunPicture> All { get; init; } = [];

    /// <summary>The model's passes: explanations, and predictions on what was made of them, by one session.</summary>
    public SharedSession Passes { get; } = Explainer.Model.ShareSession([.. Methods.Computed, .. Further]);

    /// <summary>The shape of a batch of inputs.</summary>
    public Shape InputShape(int count)
    {
        var shape = Model.Input.Shape;
        return new Shape([count, .. shape.Slice(1, shape.Rank - 1)]);
    }

    /// <summary>The number of values of one input.</summary>
    public int InputLength => (int)InputShape(1).Size;

    /// <summary>A class's probability, of a model's scores.</summary>
    /// <param name="scores">[C].</param>
    /// <param name="class">The class.</param>
    /// <param name="workspace">[C], overwritten.</param>
    public float Probability(ReadOnlySpan<float> scores, long @class, Span<float> workspace)
    {
        Model.Score.Probabilities(scores, workspace);
        return workspace[(int)@class];
    }
}
