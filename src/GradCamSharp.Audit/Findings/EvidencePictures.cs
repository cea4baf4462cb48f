using System.Collections.Immutable;
using GradCamSharp.Audit.Effects;
using GradCamSharp.Audit.Results;
using GradCamSharp.Audit.Scanning;
using GradCamSharp.Evaluation.DataSets;
using GradCamSharp.Evaluation.Experiments.Evidence;
using GradCamSharp.Evaluation.Runs;
using GradCamSharp.Imaging;

namespace GradCamSharp.Audit.Findings;

/// <summary>The pictures of an audit with their evidence, which stays packed, and where their objects are.</summary>
internal sealed class EvidencePictures
{
    private readonly PictureExplainer explainer;
    private readonly EvidenceRow[] rows;
    private readonly IReadOnlyList<PixelBox>[] boxes;

    private EvidencePictures(
        PictureExplainer explainer, EvidenceRow[] rows, AuditPicture[] pictures, IReadOnlyList<PixelBox>[] boxes)
    {
        (this.explainer, this.rows, All, this.boxes) = (explainer, rows, [.. pictures], boxes);
        var size = explainer.Model.Input.Spatial;
        Input = new PixelSize((int)size[1], (int)size[0]);
        Grid = rows.Length == 0 ? new MapGrid(1, 1, Input) : new MapGrid(rows[0].Height, rows[0].Width, Input);
    }

    /// <summary>The pictures.</summary>
    public ImmutableArray<AuditPicture> All { get; }

    /// <summary>The network's input.</summary>
    public PixelSize Input { get; }

    /// <summary>Where maps lie on it.</summary>
    public MapGrid Grid { get; }

    /// <summary>Reads the records of a pass.</summary>
    /// <param name="table">The pass.</param>
    /// <param name="data">Its pictures.</param>
    /// <param name="mapping">Which of the model's classes the data set's are.</param>
    /// <param name="explainer">The model.</param>
    /// <param name="errors">The number of pictures that could not be explained.</param>
    public static EvidencePictures Read(
        RecordTable table, DataSet data, ClassMapping mapping, PictureExplainer explainer, out int errors)
    {
        var files = data.Pictures.ToDictionary(p => p.Id, StringComparer.Ordinal);
        EvidenceRow[] rows = [.. table.Rows().OfType<EvidenceRow>()];
        errors = table.Summary().Errors;
        if (rows.Any(r => !files.ContainsKey(r.Picture) || r.Height != rows[0].Height || r.Width != rows[0].Width
            || r.Channels.Count != rows[0].Channels.Count))
        {
            throw new InvalidDataException($"The records in '{table.Folder}' are not of these pictures, or of maps of several sizes.");
        }

        var pictures = new AuditPicture[rows.Length];
        var boxes = new IReadOnlyList<PixelBox>[rows.Length];
        var size = explainer.Model.Input.Spatial;
        var input = new PixelSize((int)size[1], (int)size[0]);
        var grid = rows.Length == 0 ? null : new MapGrid(rows[0].Height, rows[0].Width, input);
        Parallel.For(0, rows.Length, i =>
        {
            var row = rows[i];
            var file = files[row.Picture];
            ImmutableArray<string> truth = [.. data.ClassesOf(file)];
            boxes[i] = [.. data.Objects(file).Select(o => o.Box)];
            float[] map = row.Map.Shares();
            int[] known = [.. truth.SelectMany(mapping.IndicesOf)];
            pictures[i] = new AuditPicture
            {
                Index = i,
                Id = row.Picture,
                Path = file.Path,
                Class = (int)row.Of.Class,
                Label = row.Of.Label.Length > 0 ? row.Of.Label : FormattableString.Invariant($"{row.Of.Class}"),
                Truth = truth,
                TruthIndices = [.. known],
                IsRight = known.Length == 0 ? null : known.Contains((int)row.Of.Class),
                Probability = row.Probability,
                Map = new EvidenceMap(row.Height, row.Width, [.. map]),
                Geometry = row.Place,
                Outside = boxes[i].Count == 0 ? null : OutsideOf(grid!.AtInput(map), boxes[i], row.Place, input),
            };
        });
        return new EvidencePictures(explainer, rows, pictures, boxes);
    }

    /// <summary>A picture's map at the layer, 0 to 1.</summary>
    public float[] Map(int picture) => rows[picture].Map.Shares();

    /// <summary>A picture's map at the network's input, 0 to 1.</summary>
    public float[] AtInput(int picture) => Grid.AtInput(Map(picture));

    /// <summary>Each channel's part of the score.</summary>
    public float[] Channels(int picture) => rows[picture].Channels.Shares();

    /// <summary>Whether the picture's objects are marked by boxes.</summary>
    public bool HasBoxes(int picture) => boxes[picture].Count > 0;

    /// <summary>The pixels of the network's input that lie in boxes.</summary>
    public bool[] InBoxes(int picture) => ChangedPicture.Boxes(boxes[picture], All[picture].Geometry, Input);

    /// <summary>The picture at the network's input.</summary>
    /// <exception cref="PictureException">It cannot be read.</exception>
    public PreparedPicture Prepare(int picture) => explainer.Preprocessing.Prepare(All[picture].Path);

    private static double? OutsideOf(float[] map, IReadOnlyList<PixelBox> boxes, Geometry place, PixelSize input)
    {
        bool[] inside = ChangedPicture.Boxes(boxes, place, input);
        double sum = 0, within = 0;
        for (int i = 0; i < map.Length; i++)
        {
            sum += map[i];
            within += inside[i] ? map[i] : 0;
        }

        return sum > 0 ? 1 - (within / sum) : null;
    }
}
