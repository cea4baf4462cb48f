using System.Text.Json.Nodes;
using GradCamSharp.Evaluation.DataSets;
using GradCamSharp.Evaluation.Pages;
using GradCamSharp.Evaluation.Records;
using GradCamSharp.Methods;

namespace GradCamSharp.Evaluation.Experiments;

/// <summary>
/// What a run measures of every map: a type with its options, which decides the columns of the records, how a picture is measured, and what
/// summary and report say. Another experiment is one more type, in a folder of its own, and a line in the list of known ones.
/// </summary>
public abstract record Experiment
{
    private protected Experiment()
    {
    }

    /// <summary>Its name in commands, in the manifest and in folders' names.</summary>
    public abstract string Name { get; }

    /// <summary>What people call it.</summary>
    public abstract string Title { get; }

    /// <summary>The columns of its records.</summary>
    public abstract RecordSchema Schema { get; }

    /// <summary>Computes the summary of a run's records: the same to the last bit, however often.</summary>
    /// <param name="manifest">The run.</param>
    /// <param name="rows">Its rows, all rows of a picture beside each other, the methods of a class in the manifest's order.</param>
    /// <exception cref="InvalidDataException">The records are damaged.</exception>
    public abstract RunSummary Summarize(RunManifest manifest, IEnumerable<PictureRow> rows);

    /// <summary>Whether the data set's classes and objects decide what is measured: then they are part of the run's identity.</summary>
    internal abstract bool ReadsAnnotations { get; }

    /// <summary>Whether pictures can share a forward pass.</summary>
    internal virtual bool IsBatched => true;

    /// <summary>The methods that every run has beside those that are asked for.</summary>
    internal virtual IReadOnlyList<string> Beside => [];

    /// <summary>What else the same run of the graph computes; no method of the run, and no name in its records.</summary>
    internal virtual IReadOnlyList<ExplanationMethod> MethodsBeside => [];

    /// <summary>Whether methods may be named with layers, and the random baseline.</summary>
    internal virtual bool TakesLayers => false;

    /// <summary>The name and the options, for the manifest; equal experiments give equal ones.</summary>
    internal abstract JsonObject ToJson();

    /// <summary>Refuses options out of their range, and data that lack what is to be measured.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="InvalidDataException">The data set lacks what is to be measured.</exception>
    internal abstract void Check(DataSet data);

    /// <summary>
    /// Runs what a picture needs once on nothing: a model or method for which it cannot work is found before the first picture.
    /// </summary>
    internal abstract void Try(RunContext context);

    /// <summary>What a worker of the run measures with.</summary>
    /// <param name="context">What all workers share.</param>
    /// <param name="cancellationToken">Stops it in the midst of a picture.</param>
    internal abstract PictureMeasure CreateMeasure(RunContext context, CancellationToken cancellationToken);

    /// <summary>What <see cref="Compared"/> is, to follow "the largest differences".</summary>
    internal abstract string ComparedBy { get; }

    /// <summary>What the report says of the experiment's options: pairs of a name and a value.</summary>
    internal abstract IReadOnlyList<(string Name, string Value)> Facts { get; }

    /// <summary>The figure by which two methods are compared on a picture.</summary>
    internal abstract double Compared(MeasuredRow row);

    /// <summary>What stands beside a picture's panels in the report.</summary>
    internal abstract FigureNotes Notes(MeasuredRow row);

    /// <summary>Writes its sections of the report.</summary>
    /// <param name="page">The page, which has not begun.</param>
    /// <param name="material">The run's records.</param>
    /// <param name="summary">Their summary.</param>
    internal abstract void Report(ReportPage page, ReportMaterial material, RunSummary summary);
}

/// <summary>What stands beside the panels of a figure.</summary>
/// <param name="Whole">Beside the picture itself.</param>
/// <param name="Overlay">Beside the map over the picture.</param>
/// <param name="Masked">Beside the explanation map.</param>
internal sealed record FigureNotes(string Whole, string Overlay, string Masked);
