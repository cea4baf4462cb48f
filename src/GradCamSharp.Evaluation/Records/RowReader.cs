using System.Globalization;

namespace GradCamSharp.Evaluation.Records;

/// <summary>The values of one row of the records, by their columns' names.</summary>
internal readonly struct RowReader
{
    private readonly IReadOnlyDictionary<string, int> places;
    private readonly IReadOnlyList<string> fields;
    private readonly string file;

    /// <param name="places">The columns' places by their names.</param>
    /// <param name="fields">One text a column.</param>
    /// <param name="file">What messages call the file.</param>
    /// <exception cref="InvalidDataException">There are not as many values as columns.</exception>
    public RowReader(IReadOnlyDictionary<string, int> places, IReadOnlyList<string> fields, string file)
    {
        if (fields.Count != places.Count)
            throw new InvalidDataException(
                $"{file}: a row has {fields.Count} values instead of {places.Count}. It is damaged, or of another program.");
        (this.places, this.fields, this.file) = (places, fields, file);
    }

    public string? TextOrNull(string column) => places.TryGetValue(column, out int i) && fields[i].Length > 0 ? fields[i] : null;

    public string Text(string column) => TextOrNull(column) ?? throw Wrong("", column);

    public long Whole(string column) => long.TryParse(Text(column), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture,
        out long number) ? number : throw Wrong(Text(column), column);

    public float Single(string column) =>
        float.TryParse(Text(column), NumberStyles.Float, CultureInfo.InvariantCulture, out float number)
            ? number : throw Wrong(Text(column), column);

    /// <summary>A number from 0 to 1. What is no number passes: earlier versions wrote it, and its picture is counted as failed.</summary>
    public float Probability(string column) =>
        Single(column) is var number and not (< 0 or > 1) ? number : throw Wrong(Text(column), column);

    public double Double(string column) =>
        double.TryParse(Text(column), NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            ? number : throw Wrong(Text(column), column);

    public double? DoubleOrNull(string column) => TextOrNull(column) is null ? null : Double(column);

    public bool Flag(string column) => Text(column) switch { "1" => true, "0" => false, var other => throw Wrong(other, column) };

    private InvalidDataException Wrong(string text, string column) =>
        new($"{file}: '{text}' is no value of the column '{column}'. The file is damaged.");
}
