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
    /// <param name="task">What the user says the model does; null to find out.</param>
    /// <returns>The head; one that knows elements alone where no family fits and no task is named.</returns>
    /// <exception cref="ExplanationException">The task is none, or the outputs do not fit it.</exception>
    public static VisionHead Recognize(HeadContext context, string? task)
    {
        if (task is not null && !Tasks.Contains(task))
        {
            throw new ExplanationException(
                ExplanationError.UnknownHead, $"There is no task '{task}'.", $"The tasks are {string.Join(", ", Tasks)}.");
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

    private static ExplanationException Misfit(HeadContext context, string task) => new(
        ExplanationError.UnknownHead,
        $"The outputs of '{context.ModelName}' are not those of a model that does '{task}': " +
        $"{string.Join(", ", context.Outputs.Select(o => $"'{o.Name}' {o.Type} {o.Shape}"))}.",
        "Leave the task to be recognised, or explain an element of an output.");
}
