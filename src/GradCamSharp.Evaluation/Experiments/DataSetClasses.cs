using GradCamSharp.Evaluation.DataSets;

namespace GradCamSharp.Evaluation.Experiments;

/// <summary>Which of the model's classes the data set's classes of one picture are.</summary>
/// <param name="mapping">Which they may be.</param>
/// <param name="predict">The picture's scores, [C]: asked for at most once, and not at all where no class has several counterparts.</param>
internal sealed class DataSetClasses(ClassMapping mapping, Func<float[]> predict)
{
    private float[]? scores;

    /// <summary>The model's class of a data set's class: of several the most probable; null where there is none.</summary>
    /// <param name="dataSetClass">The data set's name of the class.</param>
    public long? this[string dataSetClass]
    {
        get
        {
            var indices = mapping.IndicesOf(dataSetClass);
            if (indices.Count < 2)
                return indices.Count == 0 ? null : indices[0];
            float[] known = scores ??= predict();
            return indices.MaxBy(i => known[i]);
        }
    }
}
