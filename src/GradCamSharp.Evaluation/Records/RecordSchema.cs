using System.Globalization;

namespace GradCamSharp.Evaluation.Records;

/// <summary>What a column holds.</summary>
internal enum ColumnType
{
    Text,
    Integer,
    Single,
    Double,
    Flag,
}

/// <summary>A column of the records.</summary>
/// <param name="Name">Its heading.</param>
/// <param name="Type">What it holds.</param>
/// <param name="Get">The value of a row: string, long, float, double or bool, or null.</param>
/// <param name="Set">Sets a row's value from its text, which is not empty.</param>
internal sealed record RecordColumn(
    string Name, ColumnType Type, Func<MeasurementRecord, object?> Get, Action<MeasurementRecord, string> Set)
{
    /// <summary>The value as text that gives the same value back; empty for null.</summary>
    public string Format(MeasurementRecord row) => Get(row) switch
    {
        null => "",
        bool flag => flag ? "1" : "0",
        float number => number.ToString("R", CultureInfo.InvariantCulture),
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        var text => (string)text,
    };
}

/// <summary>The columns of the records of one kind of run.</summary>
internal sealed class RecordSchema
{
    public const string Insertion = "insertion", Deletion = "deletion";

    private static readonly RecordColumn
        Index = new("index", ColumnType.Integer, r => (long)r.Index, (r, t) => r.Index = (int)Whole(t)),
        Picture = new("picture", ColumnType.Text, r => r.Picture, (r, t) => r.Picture = t),
        Object = new("object", ColumnType.Text, r => r.Object, (r, t) => r.Object = t),
        Class = new("class", ColumnType.Integer, r => r.Class, (r, t) => r.Class = Whole(t)),
        Label = new("label", ColumnType.Text, r => r.Label, (r, t) => r.Label = t),
        Rank = new("rank", ColumnType.Integer, r => (long?)r.Rank, (r, t) => r.Rank = (int)Whole(t)),
        Method = new("method", ColumnType.Text, r => r.Method, (r, t) => r.Method = t),
        Probability = new("probability", ColumnType.Single, r => r.Probability, (r, t) => r.Probability = Single(t)),
        Masked = new("masked", ColumnType.Single, r => r.Masked, (r, t) => r.Masked = Single(t)),
        Score = new("score", ColumnType.Single, r => r.Score, (r, t) => r.Score = Single(t)),
        Empty = new("empty", ColumnType.Flag, r => r.IsEmpty, (r, t) => r.IsEmpty = Flag(t)),
        InsertionArea = new(Insertion, ColumnType.Double, r => r.Insertion, (r, t) => r.Insertion = Double(t)),
        DeletionArea = new(Deletion, ColumnType.Double, r => r.Deletion, (r, t) => r.Deletion = Double(t)),
        Hit = new("hit", ColumnType.Flag, r => r.IsHit, (r, t) => r.IsHit = Flag(t)),
        Box = new("box", ColumnType.Integer, r => r.Box, (r, t) => r.Box = Whole(t)),
        Error = new("error", ColumnType.Text, r => r.Error, (r, t) => r.Error = t);

    private RecordSchema(params IEnumerable<RecordColumn> columns) => Columns = [.. columns];

    public IReadOnlyList<RecordColumn> Columns { get; }

    /// <summary>The columns that a run's manifest asks for.</summary>
    public static RecordSchema Of(RunManifest manifest) => manifest.Kind == RunManifest.Faithfulness
        ? new RecordSchema([
            Index, Picture, Object, Class, Label, Method, Probability, Masked, Score, Empty,
            .. manifest.Metrics.Contains(Insertion) ? [InsertionArea] : (RecordColumn[])[],
            .. manifest.Metrics.Contains(Deletion) ? [DeletionArea] : (RecordColumn[])[],
            Error])
        : new RecordSchema([
            Index, Picture, Object, Class, Label, Rank, Method, Score, Empty, Hit, Box,
            .. manifest.Deltas.SelectMany((delta, place) => Terms(delta, place, manifest.Deltas.Count)),
            Error]);

    /// <summary>Reads a row.</summary>
    /// <param name="fields">One text a column.</param>
    /// <param name="name">What messages call the file.</param>
    /// <exception cref="InvalidDataException">A value is not what its column holds.</exception>
    public MeasurementRecord Parse(IReadOnlyList<string> fields, string name)
    {
        if (fields.Count != Columns.Count)
            throw new InvalidDataException(
                $"{name}: a row has {fields.Count} values instead of {Columns.Count}. It is damaged, or of another program.");
        var row = new MeasurementRecord();
        for (int i = 0; i < fields.Count; i++)
        {
            if (fields[i].Length == 0)
                continue;
            try
            {
                Columns[i].Set(row, fields[i]);
            }
            catch (Exception e) when (e is FormatException or OverflowException)
            {
                throw new InvalidDataException(
                    $"{name}: '{fields[i]}' is no value of the column '{Columns[i].Name}'. The file is damaged.", e);
            }
        }

        return row;
    }

    private static IEnumerable<RecordColumn> Terms(double delta, int place, int count)
    {
        string at = delta.ToString("R", CultureInfo.InvariantCulture);
        yield return new RecordColumn($"internal_{at}", ColumnType.Integer, r => place < r.Internal.Count ? r.Internal[place] : null,
            (r, t) => ((long[])(r.Internal = r.Internal is long[] { Length: > 0 } own ? own : new long[count]))[place] = Whole(t));
        yield return new RecordColumn($"external_{at}", ColumnType.Integer, r => place < r.External.Count ? r.External[place] : null,
            (r, t) => ((long[])(r.External = r.External is long[] { Length: > 0 } own ? own : new long[count]))[place] = Whole(t));
    }

    private static long Whole(string text) => long.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    private static float Single(string text) => float.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);

    private static double Double(string text) => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);

    private static bool Flag(string text) => text switch { "1" => true, "0" => false, _ => throw new FormatException() };
}
