using System.CommandLine;

namespace GradCamSharp.Cli;

/// <summary>The model of commands that are about a model and nothing else.</summary>
internal static class ModelArgument
{
    public static Argument<string?> Create() => new("MODEL")
    {
        Description = "An .onnx file, or the name of a model (gradcam models lists them). " +
            $"Default: {ModelOptions.ShippedModel}, which ships inside.",
        Arity = ArgumentArity.ZeroOrOne,
    };
}
