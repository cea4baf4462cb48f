using System.CommandLine;

namespace GradCamSharp.Cli.CommandLine;

/// <summary>The model of commands that are about a model and nothing else.</summary>
internal static class ModelArgument
{
    public static Argument<string?> Create() => new("MODEL")
    {
        Description = $"An .onnx file, a folder that holds a model.onnx, or the name of a model ({Invoked.As} models lists them). " +
            $"Default: {ModelOptions.ShippedModel}, which ships inside.",
        Arity = ArgumentArity.ZeroOrOne,
    };
}
