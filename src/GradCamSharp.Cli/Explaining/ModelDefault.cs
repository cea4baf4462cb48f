using System.CommandLine;
using GradCamSharp.Exporting;
using OnnxGrad;

namespace GradCamSharp.Cli.Explaining;

/// <summary>The method and layer that a model's own metadata names, where the command line names none.</summary>
internal static class ModelDefault
{
    /// <summary>The methods' names: those given, else the model's default, else the tool's.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="methods">The option that names methods.</param>
    /// <param name="model">The model.</param>
    /// <exception cref="InvalidDataException">The metadata names no method of this version.</exception>
    public static string Methods(ParseResult parsed, Option<string> methods, OnnxModel model)
    {
        string given = parsed.GetValue(methods)!;
        if (parsed.GetResult(methods) is { Implicit: false } || DefaultExplanation.Of(model.Metadata) is not { } found)
            return given;
        Console.Error.WriteLine($"method {found.Method}: the default that the model's metadata names (--method changes it)");
        return found.Method;
    }

    /// <summary>The options with the layer that the model's metadata names, where they name none.</summary>
    /// <inheritdoc cref="Methods"/>
    public static ExplainerOptions Layer(ExplainerOptions options, OnnxModel model) =>
        options.Layer is null && DefaultExplanation.Of(model.Metadata) is { } found ? found.Apply(options) : options;
}
