using GradCamSharp.Errors;

namespace GradCamSharp.Cli.CommandLine;

/// <summary>What a user of the command line can do about an error whose own advice speaks of the library's parameters.</summary>
internal static class Advice
{
    /// <summary>The problem, and the options that help.</summary>
    /// <param name="e">The error.</param>
    public static string For(ExplanationException e) => e.Kind switch
    {
        ExplanationError.UnknownLayer => $"{e.Problem.TrimEnd('.')}; gradcam layers lists them all.",
        ExplanationError.NoLayer =>
            $"{e.Problem} Give a convolutional network or a vision transformer, or name a layer with --layer.",
        ExplanationError.UnknownLayout =>
            $"{e.Problem} Say it with --layer-format, or choose another layer with --layer; " +
            "gradcam layers MODEL with --layer-format lists them all.",
        ExplanationError.AmbiguousOutput => $"{e.Problem} Name one of them with --outputs.",
        ExplanationError.NoGradientRule => $"{e.Message} --layer chooses a layer.",
        ExplanationError.UnavailableDevice => $"{e.Problem} Use --device cpu, or install the ONNX Runtime package of that device.",
        ExplanationError.Float16TooCoarse =>
            $"{e.Problem} Export without --fp16, or choose methods that need no gradient of the input, such as gradcam++.",
        _ => e.Message,
    };
}
