using GradCamSharp.Errors;
using GradCamSharp.Targets;

namespace GradCamSharp.Heads.Families;

/// <summary>Outputs that no family has: their elements can be explained, nothing else.</summary>
internal sealed class UnknownHead(HeadContext context) : VisionHead(context)
{
    public override string Task => "not recognised";

    public override string Family => "none";

    public override string Reason =>
        $"the outputs {string.Join(", ", Context.Outputs.Select(o => $"'{o.Name}' {o.Shape}"))} are like those of no known family";

    public override Target? Default => null;

    public override string Examples => string.Join(", ", Context.Outputs.Where(o => o.IsFloat).Take(3)
        .Select(o => $"{o.Name}[{string.Join(',', o.Shape.Select(_ => 0))}]"));

    public override TargetScore Score(Target target, HeadReading reading) => throw new ExplanationException(
        ExplanationError.UnknownHead, $"'{Context.ModelName}' has no target '{target}': {Reason}.",
        $"Explain an element of an output, {Examples}, or say what the model does (task).");
}
