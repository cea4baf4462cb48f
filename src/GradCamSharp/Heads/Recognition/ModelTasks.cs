namespace GradCamSharp.Heads.Recognition;

/// <summary>What models do, as a user can say it where it is not recognised.</summary>
public static class ModelTasks
{
    /// <summary>The names: detect, segment, classify ....</summary>
    public static IReadOnlyList<string> Names => HeadRecognition.Tasks;
}
