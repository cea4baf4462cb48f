using GradCamSharp.Cli.CommandLine;
using GradCamSharp.Cli.Reporting;
using GradCamSharp.Evaluation;
using GradCamSharp.Evaluation.Runs;

namespace GradCamSharp.Cli.Evaluating;

/// <summary>
/// A pass over a data set while it runs: shows how far it is and what is wrong with pictures, and says what is kept where it stops.
/// </summary>
internal sealed class RunningPass : IProgress<RunProgress>
{
    private ProgressLine? line;

    private RunningPass()
    {
    }

    /// <summary>Runs a pass.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="run">Runs it; it is told where to report to.</param>
    public static RecordTable Run(string folder, Func<IProgress<RunProgress>, RecordTable> run)
    {
        var pass = new RunningPass();
        try
        {
            var table = run(pass);
            pass.Clear();
            return table;
        }
        catch (OperationCanceledException)
        {
            pass.Clear();
            Console.Error.WriteLine($"What is finished is kept in {folder}; the same command goes on from there.");
            throw;
        }
        catch (PostponedException)
        {
            pass.Clear();
            throw;
        }
        catch (IOException e) when (pass.line is not null)
        {
            // A full disk, or a share that went away, in the midst of the run.
            pass.Clear();
            string said = CommandRun.Message(e), end = said.EndsWith('.') ? "" : ".";
            throw new IOException($"{said}{end} What is finished is kept; when there is room again the same command goes on.", e);
        }
    }

    public void Report(RunProgress value)
    {
        if (line is null)
        {
            line = new ProgressLine(value.Total, "pictures", value.Done);
            if (value.Done > 0)
                Console.Error.WriteLine(FormattableString.Invariant($"{value.Done} of {value.Total} pictures are there already"));
            return;
        }

        if (value.Error is { } error)
        {
            line.Clear();
            Console.Error.WriteLine(error);
        }

        line.Step();
    }

    private void Clear() => line?.Clear();
}
