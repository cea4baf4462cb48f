using System.Globalization;
using System.Text.RegularExpressions;
using GradCamSharp.Evaluation.Records;
using GradCamSharp.Imaging;

namespace GradCamSharp.Evaluation.Experiments.Evidence;

/// <summary>The evidence of one class in one picture: a row of the records of <see cref="EvidenceExperiment"/>.</summary>
/// <param name="Of">Which picture, class and method it is of.</param>
/// <param name="Probability">The class's probability, 0 to 1.</param>
/// <param name="Place">Where the network's input lies in the picture.</param>
/// <param name="Height">The map's rows.</param>
/// <param name="Width">The map's columns.</param>
/// <param name="Map">The positive part of the raw map at the layer, [Height, Width].</param>
/// <param name="Channels">Each channel's part of the score, [K].</param>
public sealed partial record EvidenceRow(
    Explained Of, float Probability, Geometry Place, int Height, int Width, CompactValues Map, CompactValues Channels) : MeasuredRow(Of)
{
    private const int LargestSide = 1 << 16;

    internal static readonly RecordSchema Schema = new(
        [
            RecordSchema.Class, RecordSchema.Label, RecordSchema.Method, RecordSchema.Score,
            RecordColumn.Of<EvidenceRow>("probability", ColumnType.Single, r => r.Probability),
            RecordSchema.Empty,
            RecordColumn.Of<EvidenceRow>("place", ColumnType.Text, r => Text(r.Place)),
            RecordColumn.Of<EvidenceRow>("map_height", ColumnType.Integer, r => (long)r.Height),
            RecordColumn.Of<EvidenceRow>("map_width", ColumnType.Integer, r => (long)r.Width),
            RecordColumn.Of<EvidenceRow>("map_scale", ColumnType.Single, r => r.Map.Scale),
            RecordColumn.Of<EvidenceRow>("map", ColumnType.Text, r => r.Map.ToText()),
            RecordColumn.Of<EvidenceRow>("channel_scale", ColumnType.Single, r => r.Channels.Scale),
            RecordColumn.Of<EvidenceRow>("channels", ColumnType.Text, r => r.Channels.ToText()),
        ],
        Read);

    internal override bool IsFinite => float.IsFinite(Probability) && Map.IsFinite && Channels.IsFinite;

    // The picture's size, its size after resizing, and the crop.
    private static string Text(Geometry place) => string.Create(CultureInfo.InvariantCulture,
        $"{place.Original.Width}x{place.Original.Height} {place.Resized.Width}x{place.Resized.Height} " +
        $"{place.Crop.X},{place.Crop.Y},{place.Crop.Width}x{place.Crop.Height}");

    private static EvidenceRow Read(Explained of, RowReader values)
    {
        long height = values.Whole("map_height"), width = values.Whole("map_width");
        var map = Values(values, "map_scale", "map");
        if (height is < 1 or > LargestSide || width is < 1 or > LargestSide || height * width != map.Count)
            throw new InvalidDataException($"The records of '{of.Picture}' hold a map of {height} x {width} positions with {map.Count} " +
                "values. The file is damaged.");
        return new EvidenceRow(
            of, values.Probability("probability"), ReadPlace(of, values.Text("place")), (int)height, (int)width, map,
            Values(values, "channel_scale", "channels"));
    }

    private static CompactValues Values(RowReader values, string scale, string name)
    {
        try
        {
            return CompactValues.Parse(values.Single(scale), values.Text(name));
        }
        catch (FormatException e)
        {
            throw new InvalidDataException($"The column '{name}' of the records holds what is no list of values. The file is damaged.", e);
        }
    }

    private static Geometry ReadPlace(Explained of, string text)
    {
        var match = Places().Match(text);
        if (!match.Success)
            throw new InvalidDataException($"The records of '{of.Picture}' hold '{text}', which is no place. The file is damaged.");
        int[] n = [.. match.Groups.Cast<Group>().Skip(1).Select(g => int.Parse(g.ValueSpan, CultureInfo.InvariantCulture))];
        return new Geometry(new PixelSize(n[0], n[1]), new PixelSize(n[2], n[3]), new PixelBox(n[4], n[5], n[6], n[7]));
    }

    [GeneratedRegex(@"^(\d{1,9})x(\d{1,9}) (\d{1,9})x(\d{1,9}) (-?\d{1,9}),(-?\d{1,9}),(\d{1,9})x(\d{1,9})$")]
    private static partial Regex Places();
}
