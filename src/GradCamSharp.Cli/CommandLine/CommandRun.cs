using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using GradCamSharp.Errors;
using GradCamSharp.Evaluation.Errors;
using GradCamSharp.Imaging;
using GradCamSharp.Studies;
using OnnxGrad;

namespace GradCamSharp.Cli.CommandLine;

/// <summary>
/// Runs a command and turns what goes wrong into a message and an exit code: 0 done, 1 failed, 2 wrong usage, 3 found what fails a build,
/// 130 cancelled.
/// </summary>
internal static partial class CommandRun
{
    public const int Done = 0, Failed = 1, WrongUsage = 2, Found = 3, Cancelled = 130;

    public static readonly Option<bool> Verbose = new("--verbose") { Description = "Show where an error comes from.", Recursive = true };

    /// <summary>Runs what a command line asks for.</summary>
    /// <param name="root">All commands.</param>
    /// <param name="args">The command line.</param>
    /// <param name="cancellationToken">Cancels it, as Ctrl-C does.</param>
    /// <returns>The exit code.</returns>
    public static int Invoke(RootCommand root, string[] args, CancellationToken cancellationToken = default)
    {
        // Without bundles of one-letter options: -output would write to the folder 'utput'.
        var parsed = root.Parse(args, new ParserConfiguration { EnablePosixBundling = false });
        var mistakes = Mistyped.In(parsed, args);
        if (mistakes.Count == 0 && DeviceList.IsAskedFor(parsed.CommandResult))
        {
            DeviceList.Write(Console.Out);
            return Done;
        }

        if (mistakes.Count == 0)
            mistakes = [.. parsed.Errors.Select(e => ExpectedType().Replace(e.Message, ", which takes a number"))];
        if (mistakes.Count > 0)
        {
            foreach (string mistake in mistakes)
                Console.Error.WriteLine(mistake);
            Console.Error.WriteLine($"Try: {string.Join(' ', (string[])[Invoked.As, .. Verbs(parsed.CommandResult), "--help"])}");
            return WrongUsage;
        }

        // A cancelled run is given time to take back what it has half written.
        var timeout = TimeSpan.FromSeconds(10);
        var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = timeout };
        return parsed.InvokeAsync(configuration, cancellationToken).GetAwaiter().GetResult();
    }

    // The parser names .NET's types.
    [GeneratedRegex(@" as expected type '[^']*\bSystem\.(Int32|Int64|Single|Double)\b[^']*'")]
    private static partial Regex ExpectedType();

    /// <summary>The verbs on the way to a command, the root left out.</summary>
    public static IEnumerable<string> Verbs(CommandResult result) =>
        result.Parent is CommandResult above ? Verbs(above).Append(result.Command.Name) : [];

    /// <summary>Makes an action of a function; its exceptions become messages on standard error.</summary>
    public static void SetRun(this Command command, Func<ParseResult, CancellationToken, int> run) =>
        command.SetAction((parsed, cancellationToken) => Task.Run(
            () => Attempt(() => run(parsed, cancellationToken), parsed.GetValue(Verbose)), CancellationToken.None));

    /// <summary>Whether an exception is about what the user gave, not about a defect.</summary>
    public static bool IsExpected(Exception e) => e is ModelException or PictureException or EvaluationException
        or StudyException or InvalidDataException or IOException or UnauthorizedAccessException or ArgumentException;

    public static void Report(Exception e, bool verbose)
    {
        Console.Error.WriteLine(Message(e));
        if (verbose)
            Console.Error.WriteLine(e);
    }

    /// <summary>What an exception says to a user, who has never heard of parameters, entry points or half-written files.</summary>
    public static string Message(Exception e) => Invoked.InText(e switch
    {
        ArgumentException { ParamName: { } name } => ParameterSuffix(name).Replace(e.Message, ""),
        ExplanationException known => Advice.For(known),
        EvaluationException known => Advice.For(known),
        StudyException known => Advice.For(known),
        UnauthorizedAccessException when HalfWritten().Match(e.Message) is { Success: true } file =>
            $"The folder '{file.Groups["folder"].Value}' cannot be written to. Name another, or change who may write there.",
        IOException => HalfWritten().Replace(e.Message, "${folder}/${name}"),
        _ => e.Message,
    });

    // .NET adds them to what was said, in the language of the machine; the second only for values out of a range.
    private static Regex ParameterSuffix(string name) => new($@"\s*\([^()]*'{Regex.Escape(name)}'\)(\r?\n.*)?$", RegexOptions.Singleline);

    // AtomicFile writes beside the file and renames.
    [GeneratedRegex(@"(?<folder>[^']*)[/\\]\.(?<name>[^'/\\]+)\.[0-9a-f]{32}\.part")]
    private static partial Regex HalfWritten();

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
            Console.Error.WriteLine(Message(e));
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
