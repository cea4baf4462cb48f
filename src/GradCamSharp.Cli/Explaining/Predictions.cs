namespace GradCamSharp.Cli.Explaining;

/// <summary>The most probable classes of a tensor, for models that take no pictures too.</summary>
internal static class Predictions
{
    public static IReadOnlyList<Prediction> Of(LoadedModel model, float[] scores)
    {
        float[] probabilities = new float[scores.Length];
        model.Explainer.Score.Probabilities(scores, probabilities);
        return [.. Enumerable.Range(0, scores.Length).OrderByDescending(i => scores[i]).ThenBy(i => i).Take(5)
            .Select(i => new Prediction(i, model.Labels[i], probabilities[i], scores[i]))];
    }
}
