using System.CommandLine;
using System.Text.Json;

namespace GradCamSharp.Cli.Tests;

/// <summary>What a command printed, and its exit code.</summary>
internal sealed record CommandResult(int ExitCode, string Output, string Errors)
{
    public JsonElement Json => JsonDocument.Parse(Output).RootElement;
}

/// <summary>Runs a command in this process, its output captured.</summary>
internal static class CommandLine
{
    // The console belongs to the whole process.
    private static readonly Lock Gate = new();

    public static CommandResult Run(Command command, params string[] arguments)
    {
        return Run(
            () =>
            {
                var root = new RootCommand("gradcam") { command };
                root.Options.Add(CommandRun.Verbose);
                return root;
            },
            [command.Name, .. arguments],
            null);
    }

    /// <summary>Runs the whole tool, with all of its commands.</summary>
    public static CommandResult RunTool(params string[] arguments) => Run(ToolCommand.Create, arguments, null);

    /// <summary>Runs the whole tool as the script does that is called so.</summary>
    public static CommandResult RunToolAs(string called, params string[] arguments) => Run(ToolCommand.Create, arguments, called);

    private static CommandResult Run(Func<RootCommand> root, string[] arguments, string? called)
    {
        lock (Gate)
        {
            var (output, errors) = (Console.Out, Console.Error);
            using StringWriter capturedOutput = new(), capturedErrors = new();
            Console.SetOut(capturedOutput);
            Console.SetError(capturedErrors);
            try
            {
                Environment.SetEnvironmentVariable(Invoked.Variable, called);
                int code = CommandRun.Invoke(root(), arguments);
                return new CommandResult(code, capturedOutput.ToString(), capturedErrors.ToString());
            }
            finally
            {
                Environment.SetEnvironmentVariable(Invoked.Variable, null);
                Console.SetOut(output);
                Console.SetError(errors);
            }
        }
    }
}
