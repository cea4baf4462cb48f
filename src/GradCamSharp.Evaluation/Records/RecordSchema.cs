namespace GradCamSharp.Evaluation.Records;

/// <summary>The columns of an experiment's records, and how a row is read back.</summary>
public sealed class RecordSchema
{
    internal static readonly RecordColumn
        Class = RecordColumn.Of<MeasuredRow>("class", ColumnType.Integer, r => r.Of.Class),
        Label = RecordColumn.Of<MeasuredRow>("label", ColumnType.Text, r => r.Of.Label),
        Method = RecordColumn.Of<MeasuredRow>("method", ColumnType.Text, r => r.Of.Method),
        Score = RecordColumn.Of<MeasuredRow>("score", ColumnType.Single, r => r.Of.Score),
        Empty = RecordColumn.Of<MeasuredRow>("empty", ColumnType.Flag, r => r.Of.IsEmpty);

    private static readonly RecordColumn
        Index = new("index", ColumnType.Integer, r => (long)r.Index),
        Picture = new("picture", ColumnType.Text, r => r.Picture),
        Object = new("object", ColumnType.Text, r => r switch
        {
            MeasuredRow measured => measured.Of.Object,
            UnmeasuredRow unmeasured => unmeasured.Object,
            _ => null,
        }),
        Error = new("error", ColumnType.Text, r => (r as FailedRow)?.Error);

    private readonly Func<Explained, RowReader, MeasuredRow> read;
    private readonly Dictionary<string, int> places;

    /// <param name="columns">The columns of measured rows, between those that all rows have.</param>
    /// <param name="read">Makes a measured row of its values.</param>
    internal RecordSchema(IEnumerable<RecordColumn> columns, Func<Explained, RowReader, MeasuredRow> read)
    {
        Columns = [Index, Picture, Object, .. columns, Error];
        this.read = read;
        places = Columns.Select((column, i) => (column.Name, i)).ToDictionary(c => c.Name, c => c.i, StringComparer.Ordinal);
    }

    /// <summary>The columns, in the file's order.</summary>
    public IReadOnlyList<RecordColumn> Columns { get; }

    /// <summary>Reads a row.</summary>
    /// <param name="fields">One text a column.</param>
    /// <param name="name">What messages call the file.</param>
    /// <exception cref="InvalidDataException">A value is not what its column holds.</exception>
    internal PictureRow Parse(IReadOnlyList<string> fields, string name)
    {
        var values = new RowReader(places, fields, name);
        int index = (int)values.Whole(Index.Name);
        string picture = values.Text(Picture.Name);
        string? shown = values.TextOrNull(Object.Name);
        if (values.TextOrNull(Error.Name) is { } error)
            return new FailedRow(index, picture, error);
        if (values.TextOrNull(Method.Name) is not { } method)
            return new UnmeasuredRow(index, picture, shown);
        return read(
            new Explained(index, picture, shown, values.Whole(Class.Name), values.TextOrNull(Label.Name) ?? "", method,
                values.Single(Score.Name), values.Flag(Empty.Name)),
            values);
    }
}
