using System.CommandLine;

namespace GradCamSharp.Cli.CommandLine;

/// <summary>
/// The model of commands that are about a model and nothing else: an argument, or the option that names the model in other commands.
/// </summary>
internal sealed class ModelArgument
{
    private readonly Argument<string?> argument = new("MODEL")
    {
        Description = $"An .onnx file, a folder that holds a model.onnx, or the name of a model ({Invoked.As} models lists them). " +
            $"Default: {ModelOptions.ShippedModel}, which ships inside.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> option = CommandOption.Of<string?>("--model", "M", "MODEL by its name in other commands.");

    /// <param name="command">The command that gets them.</param>
    public ModelArgument(Command command)
    {
        command.Arguments.Add(argument);
        command.Options.Add(option);
    }

    /// <summary>The model's file.</summary>
    /// <exception cref="UsageException">There is no such model, or two are named.</exception>
    /// <exception cref="IOException">It cannot be fetched.</exception>
    public string Path(ParseResult parsed, CancellationToken cancellationToken)
    {
        string? given = parsed.GetValue(argument), named = parsed.GetValue(option);
        return given is null || named is null ? ModelOptions.Resolve(given ?? named, cancellationToken)
            : throw new UsageException($"Two models are named, '{given}' and '{named}'. Leave one of them out.");
    }
}
