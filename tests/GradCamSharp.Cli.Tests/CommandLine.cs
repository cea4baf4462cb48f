using System.CommandLine;
using System.Text.Json;
using GradCamSharp.Cli.CommandLine;

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
            null, null);
    }

    /// <summary>Runs the whole tool, with all of its commands.</summary>
    public static CommandResult RunTool(params string[] arguments) => Run(ToolCommand.Create, arguments, null, null);

    /// <summary>Runs the whole tool as the script does that is called so.</summary>
    public static CommandResult RunToolAs(string called, params string[] arguments) => Run(ToolCommand.Create, arguments, called, null);

    /// <summary>Runs the whole tool and cancels it, as Ctrl-C does, at the moment when it has written a text to standard error.</summary>
    public static CommandResult RunToolUntil(string said, params string[] arguments) => Run(ToolCommand.Create, arguments, null, said);

    private static CommandResult Run(Func<RootCommand> root, string[] arguments, string? called, string? until)
    {
        lock (Gate)
        {
            var (output, errors) = (Console.Out, Console.Error);
            using var cancellation = new CancellationTokenSource();
            using var capturedOutput = new StringWriter();
            using var capturedErrors = new Watched(until, cancellation);
            Console.SetOut(capturedOutput);
            Console.SetError(capturedErrors);
            try
            {
                Environment.SetEnvironmentVariable(Invoked.Variable, called);
                int code = CommandRun.Invoke(root(), arguments, cancellation.Token);
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

    private sealed class Watched(string? until, CancellationTokenSource cancellation) : StringWriter
    {
        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (until is not null && value?.Contains(until, StringComparison.Ordinal) == true)
                cancellation.Cancel();
        }
    }
}
