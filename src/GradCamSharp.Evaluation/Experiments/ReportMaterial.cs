using GradCamSharp.Evaluation.Records;

namespace GradCamSharp.Evaluation.Experiments;

/// <summary>A picture and class with what was measured of it, a row a method in the manifest's order.</summary>
internal sealed record MeasuredPair(IReadOnlyList<MeasuredRow> Rows)
{
    /// <summary>Which picture and class it is.</summary>
    public Explained Of => Rows[0].Of;
}

/// <summary>A run's records, read once, as a report needs them.</summary>
internal sealed class ReportMaterial
{
    private const int MostErrors = 20;

    private readonly int expected;

    /// <param name="manifest">The run.</param>
    /// <param name="expected">The number of pictures when the run has come to its end.</param>
    /// <param name="compared">The two methods that are compared, as places in the run's list; null where there is one alone.</param>
    /// <param name="rows">The records' rows, in their order.</param>
    public ReportMaterial(RunManifest manifest, int expected, (int First, int Second)? compared, IEnumerable<PictureRow> rows)
    {
        (Manifest, Compared, this.expected) = (manifest, compared, expected);
        var waiting = new List<MeasuredRow>();
        foreach (var row in rows)
        {
            if (row is FailedRow failed && ErrorCount++ < MostErrors)
                Errors.Add(failed);
            if (row is not MeasuredRow measured)
                continue;
            waiting.Add(measured);
            if (waiting.Count < manifest.Methods.Count)
                continue;
            Pairs.Add(new MeasuredPair([.. waiting]));
            waiting.Clear();
        }
    }

    /// <summary>The run.</summary>
    public RunManifest Manifest { get; }

    /// <summary>The two methods that are compared, as places in the run's list; null where there is one alone.</summary>
    public (int First, int Second)? Compared { get; }

    /// <summary>Every picture and class that was measured, in the records' order.</summary>
    public List<MeasuredPair> Pairs { get; } = [];

    /// <summary>The first pictures that could not be measured, and why.</summary>
    public List<FailedRow> Errors { get; } = [];

    /// <summary>The number of all that could not be measured.</summary>
    public int ErrorCount { get; private set; }

    /// <summary>The model's name on the page: its file's, or its folder's where that says more.</summary>
    public string ModelName
    {
        get
        {
            string path = Manifest.Model.File, file = Path.GetFileName(path), folder = Path.GetFileName(Path.GetDirectoryName(path)) ?? "";
            return file == "model.onnx" && folder.Length > 0 ? folder : Path.GetFileNameWithoutExtension(file);
        }
    }

    /// <summary>The data's name on the page.</summary>
    public string DataName => Path.GetFileName(Path.TrimEndingDirectorySeparator(Manifest.Data.Root));

    /// <summary>How much was measured, in words.</summary>
    public string Measured(RunSummary summary)
    {
        int missing = expected - summary.Pictures - summary.Errors;
        return Counted.Of(summary.Pictures, "picture") +
            (summary.Errors > 0 ? FormattableString.Invariant($", {summary.Errors} more could not be measured") : "") +
            (missing > 0 ? $", {Counted.Of(missing, "picture")} still missing, as the run is not finished" : "");
    }
}
