using System.Globalization;
using GradCamSharp;
using GradCamSharp.Imaging;
using GradCamSharp.Output;
using Microsoft.ML;
using Microsoft.ML.Data;

string folder = args.ElementAtOrDefault(0) ?? "samples";
string model = args.ElementAtOrDefault(1) ?? "src/GradCamSharp.Cli/Models/scenes-vgg.onnx";
string[] extensions = [".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp"];
if (!Directory.Exists(folder) || !File.Exists(model))
{
    Console.Error.WriteLine($"No folder '{folder}' or no model '{model}'. Give both as arguments, or run this in the checkout.");
    return 1;
}

// One explainer serves every row of every pass, and several threads at once should ML.NET use them. A view computes its rows when
// they are read, so the explainer has to outlive the reading: disposed at the end of the program, not where the pipeline is built.
using var explainer = PictureExplainer.Load(model);

var mlContext = new MLContext();
var pictures = mlContext.Data.LoadFromEnumerable(Directory.EnumerateFiles(folder)
    .Where(f => extensions.Contains(Path.GetExtension(f), StringComparer.OrdinalIgnoreCase))
    .Order(StringComparer.Ordinal)
    .Select(f => new PictureFile { File = f }));

// No contract name: the mapping holds a loaded network, which ML.NET cannot save.
var pipeline = mlContext.Transforms.CustomMapping<PictureFile, Answer>(Explain, contractName: null);

// Kept, so that a second pass explains nothing again.
var explained = mlContext.Data.Cache(pipeline.Fit(pictures).Transform(pictures));

foreach (var row in mlContext.Data.CreateEnumerable<ExplainedPicture>(explained, reuseRowObject: false))
{
    Console.WriteLine(row.Problem.Length > 0 ? row.Problem : string.Create(CultureInfo.InvariantCulture,
        $"{Path.GetFileName(row.File)}: {row.Label} {row.Probability:P1}, evidence at [{string.Join(", ", row.Box)}], {row.Overlay}"));
}

// From here on they are columns like any others.
var sure = mlContext.Data.FilterRowsByColumn(explained, nameof(Answer.Probability), lowerBound: 0.9);
Console.WriteLine($"{Count(sure)} of {Count(explained)} above 90 %");
return 0;

static int Count(IDataView rows) => rows.GetColumn<string>(nameof(PictureFile.File)).Count();

// ML.NET gives the same object for every row: what is not set here is the row's before.
void Explain(PictureFile picture, Answer answer)
{
    try
    {
        var result = explainer.Explain(PictureDecoder.Decode(picture.File));
        var explanation = result.Explanations[0];
        answer.Label = explanation.Label;
        answer.Probability = result.Predictions[0].Probability;
        answer.Box = explanation.HeatMap.LargestPart() is { } box ? [box.X, box.Y, box.Width, box.Height] : [];
        answer.Overlay = $"explanations/mlnet/{Path.GetFileName(picture.File)}.png";
        answer.Problem = "";
        var overlay = Rendering.Overlay(result.Picture, explanation.HeatMap);
        AtomicFile.Write(answer.Overlay, stream => PictureEncoder.WritePng(overlay, stream));
    }
    catch (PictureException e)
    {
        // One damaged file does not end the run of all others. NaN is ML.NET's missing value.
        (answer.Label, answer.Probability, answer.Box, answer.Overlay, answer.Problem) = ("", float.NaN, [], "", e.Message);
    }
}

/// <summary>What the pipeline begins with.</summary>
internal sealed class PictureFile
{
    public string File { get; set; } = "";
}

/// <summary>The columns that the mapping adds.</summary>
internal class Answer
{
    /// <summary>The most probable class, which is the one explained, by Grad-CAM++.</summary>
    public string Label { get; set; } = "";

    public float Probability { get; set; }

    /// <summary>x, y, width and height in the picture's pixels; nothing where there is no positive evidence.</summary>
    [VectorType]
    public int[] Box { get; set; } = [];

    /// <summary>The picture with the heat map on it.</summary>
    public string Overlay { get; set; } = "";

    /// <summary>Why there is no explanation; empty where there is one.</summary>
    public string Problem { get; set; } = "";
}

/// <summary>All columns, as they are read.</summary>
internal sealed class ExplainedPicture : Answer
{
    public string File { get; set; } = "";
}
