using GradCamSharp.Evaluation.DataSets;
using GradCamSharp.Evaluation.Experiments.Trust;

namespace GradCamSharp.Evaluation.Comparing;

/// <summary>A few pictures as the network takes them, to look at before a run.</summary>
internal static class PreparedInputs
{
    /// <summary>Prepares pictures; those that cannot be read are left out, as the run has rows that say so.</summary>
    public static IReadOnlyList<MapInput> Of(PictureExplainer explainer, DataSet data, int count)
    {
        var inputs = new List<MapInput>();
        long length = explainer.Model.Input.Shape.With(0, 1).Size.Value;
        foreach (var picture in data.Pictures.Take(count))
        {
            try
            {
                var prepared = explainer.Preprocessing.Prepare(picture.Path);
                float[] values = new float[length];
                if ((long)prepared.Input.Width * prepared.Input.Height * explainer.Channels != length)
                    continue;
                prepared.WriteTo(values, explainer.Channels, explainer.Model.Input.IsChannelsLast);
                inputs.Add(new MapInput(picture.Id, values));
            }
            catch (Exception e) when (Failures.Of(e) is not null)
            {
                continue;
            }
        }

        return inputs;
    }
}
