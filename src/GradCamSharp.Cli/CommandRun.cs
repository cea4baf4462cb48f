using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using GradCamSharp.Imaging;
using OnnxGrad;

namespace GradCamSharp.Cli;

/// <summary>
/// Runs a command and turns what goes wrong into a message and an exit code: 0 done, 1 failed, 2 wrong usage, 130 cancelled.
/// </summary>
internal static partial class CommandRun
{
    public const int Done = 0, Failed = 1, WrongUsage = 2, Cancelled = 130;

    public static readonly Option<bool> Verbose = new("--verbose") { Description = "Show where an error comes from.", Recursive = true };

    public static int Invoke(RootCommand root, string[] args)
    {
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
                Console.Error.WriteLine(ExpectedType().Replace(error.Message, ", which takes a number"));
            Console.Error.WriteLine($"Try: {string.Join(' ', (string[])["gradcam", .. Verbs(parsed.CommandResult), "--help"])}");
            return WrongUsage;
        }

        // A cancelled run is given time to take back what it has half written.
        var patience = TimeSpan.FromSeconds(10);
        return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = patience });
    }

    // The parser names .NET's types.
    [GeneratedRegex(@" as expected type '[^']*\bSystem\.(Int32|Int64|Single|Double)\b[^']*'")]
    private static partial Regex ExpectedType();

    // The verbs on the way to a command, the root left out.
    private static IEnumerable<string> Verbs(CommandResult result) =>
        result.Parent is CommandResult above ? Verbs(above).Append(result.Command.Name) : [];

    /// <summary>Makes an action of a function; its exceptions become messages on standard error.</summary>
    public static void SetRun(this Command command, Func<ParseResult, CancellationToken, int> run) =>
        command.SetAction((parsed, cancellationToken) => Task.Run(
            () => Attempt(() => run(parsed, cancellationToken), parsed.GetValue(Verbose)), CancellationToken.None));

    /// <summary>Whether an exception is about what the user gave, not about a defect.</summary>
    public static bool IsExpected(Exception e) => e is ModelException or PictureException or InvalidDataException or IOException
        or UnauthorizedAccessException or ArgumentException;

    public static void Report(Exception e, bool verbose)
    {
        Console.Error.WriteLine(e.Message);
        if (verbose)
            Console.Error.WriteLine(e);
    }

    private static int Attempt(Func<int> run, bool verbose)
    {
        try
        {
            return run();
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("Cancelled.");
            return Cancelled;
        }
        catch (UsageException e)
        {
            Console.Error.WriteLine(e.Message);
            return WrongUsage;
        }
        catch (Exception e) when (IsExpected(e))
        {
            Report(e, verbose);
            return Failed;
        }
        catch (Exception e)
        {
            // A defect of ours: still no stack trace unless asked for, but say that it is one.
            Console.Error.WriteLine($"Internal error: {e.GetType().Name}: {e.Message} Run again with --verbose and report what it prints.");
            if (verbose)
                Console.Error.WriteLine(e);
            return Failed;
        }
    }
}
