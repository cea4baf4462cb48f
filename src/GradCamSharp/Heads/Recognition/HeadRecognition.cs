using GradCamSharp.Errors;
using GradCamSharp.Heads.Families;

namespace GradCamSharp.Heads.Recognition;

/// <summary>The families of heads, in the order in which they are tried: first those that few models can be mistaken for.</summary>
internal static class HeadRecognition
{
    private static readonly (string[] Tasks, Func<HeadContext, VisionHead?> Recognize)[] Families =
    [
        (["detect"], LevelDetector.Recognize),
        (["detect"], BoxTensorsDetector.Recognize),
        (["detect", "segment-instances", "pose", "obb"], RowDetector.Recognize),
        (["detect"], KeptRowsDetector.Recognize),
        (["masks"], PromptedMasks.Recognize),
        (["match"], ClassScores.Texts),
        (["caption"], TextDecoder.Recognize),
        (["keypoints"], Keypoints.Recognize),
        (["depth"], DepthMap.Recognize),
        (["segment"], c => Segmenter.Recognize(c)),
        (["classify"], c => ClassScores.Recognize(c)),
        (["embed"], c => VectorHead.Recognize(c)),
    ];

    /// <summary>The tasks that a user can name.</summary>
    public static IReadOnlyList<string> Tasks { get; } = [.. Families.SelectMany(f => f.Tasks).Append("regress").Distinct()];

    /// <summary>Recognises a model's outputs.</summary>
    /// <param name="context">What they are recognised by.</param>
    /// <param name="told">What is said of them.</param>
    /// <returns>The head; one that knows elements alone where no family fits and no task is named.</returns>
    /// <exception cref="ExplanationException">The task is none, or the outputs do not fit it.</exception>
    public static VisionHead Recognize(HeadContext context, ToldHead told)
    {
        var (task, roles, architectures) = told;
        if (task is not null && !Tasks.Contains(task))
        {
            throw new ExplanationException(
                ExplanationError.UnknownHead, $"There is no task '{task}'.", $"The tasks are {string.Join(", ", Tasks)}.");
        }

        if (roles is not null)
        {
            return task is null or "detect" or "segment-instances" ? new ToldDetector(context, roles) : throw new ExplanationException(
                ExplanationError.UnknownHead, $"Boxes and scores are those of a detector, and the task is said to be '{task}'.",
                "Say detect, or name no boxes.");
        }

        // What the authors' own configuration says is tried first; where the outputs do not fit it, it is of another export.
        if (task is null && TaskOf(architectures ?? []) is { } said)
        {
            try
            {
                return Recognize(context, new ToldHead(said));
            }
            catch (ExplanationException e) when (e.Kind == ExplanationError.UnknownHead)
            {
            }
        }

        if (task == "segment")
            return Segmenter.Recognize(context, isTold: true) ?? throw Misfit(context, task);
        if (task == "classify")
            return ClassScores.Recognize(context, isTold: true) ?? throw Misfit(context, task);
        if (task is "embed" or "regress")
            return VectorHead.Recognize(context, areNumbers: task == "regress") ?? throw Misfit(context, task);
        foreach (var (tasks, recognize) in Families)
        {
            if ((task is null || tasks.Contains(task)) && recognize(context) is { } head)
                return head;
        }

        return task is null ? new UnknownHead(context) : throw Misfit(context, task);
    }

    /// <summary>
    /// What models of an architecture do, by the names that Hugging Face's transformers give; null where they do not say.
    /// </summary>
    private static string? TaskOf(IReadOnlyList<string> architectures) => architectures.Select(a =>
        a.EndsWith("ForObjectDetection", StringComparison.Ordinal) ? "detect"
        : a.EndsWith("ForSemanticSegmentation", StringComparison.Ordinal) ? "segment"
        : a.EndsWith("ForDepthEstimation", StringComparison.Ordinal) ? "depth"
        : a.EndsWith("ForImageClassification", StringComparison.Ordinal) || a.EndsWith("ForVideoClassification", StringComparison.Ordinal)
            ? "classify"
        : a.EndsWith("ForPoseEstimation", StringComparison.Ordinal) ? "keypoints"
        : a.EndsWith("VisionModelWithProjection", StringComparison.Ordinal) ? "embed" : null).FirstOrDefault(t => t is not null);

    private static ExplanationException Misfit(HeadContext context, string task) => new(
        ExplanationError.UnknownHead,
        $"The outputs of '{context.ModelName}' are not those of a model that does '{task}': " +
        $"{string.Join(", ", context.Outputs.Select(o => $"'{o.Name}' {o.Type} {o.Shape}"))}.",
        "Leave the task to be recognised, or explain an element of an output.");
}
