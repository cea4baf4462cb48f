using GradCamSharp.Evaluation.Records;
using GradCamSharp.Evaluation.Runs;
using Parquet;
using Parquet.Schema;

namespace GradCamSharp.Evaluation.Parquet;

/// <summary>A run's records as Apache Parquet: the columns of records.csv with their types, empty values as null.</summary>
/// <remarks>
/// Texts are strings, whole numbers 64-bit integers, probabilities and scores single, areas double precision, yes and no booleans. Values
/// are those of records.csv to the last bit. Rows lie in groups of 65,536, compressed by Zstandard.
/// </remarks>
public static class ParquetRecords
{
    private const int RowsAGroup = 1 << 16;

    /// <summary>
    /// Writes a run's records beside records.csv, as <see cref="RunFiles.Parquet"/>. The file appears whole or not at all.
    /// </summary>
    /// <param name="table">The run; one that is not finished gives the pictures that are there.</param>
    /// <exception cref="InvalidDataException">The records are damaged.</exception>
    /// <exception cref="IOException">The file cannot be written, or another process writes the folder.</exception>
    public static void Write(RecordTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        var columns = table.Manifest.Experiment.Schema.Columns;
        DataField[] fields = [.. columns.Select(Field)];
        // The file is made by one task after another; nothing else of the caller's runs meanwhile.
        table.WriteBeside(RunFiles.Parquet, stream => Write(stream, table.Rows(), columns, fields).GetAwaiter().GetResult());
    }

    private static async Task Write(Stream stream, IEnumerable<PictureRow> rows, IReadOnlyList<RecordColumn> columns, DataField[] fields)
    {
        var options = new ParquetOptions { CompressionMethod = CompressionMethod.Zstd };
        await using var writer = await ParquetWriter.CreateAsync(new ParquetSchema(fields), stream, options).ConfigureAwait(false);
        foreach (var group in rows.Chunk(RowsAGroup))
        {
            using var target = writer.CreateRowGroup();
            for (int i = 0; i < columns.Count; i++)
                await Write(target, fields[i], columns[i], group).ConfigureAwait(false);
        }
    }

    private static Task Write(ParquetRowGroupWriter target, DataField field, RecordColumn column, PictureRow[] rows) => column.Type switch
    {
        ColumnType.Text => target.WriteAsync(field, (string?[])[.. rows.Select(r => (string?)column.Get(r))]!),
        ColumnType.Integer => target.WriteAsync<long>(field, Values<long>(column, rows)),
        ColumnType.Single => target.WriteAsync<float>(field, Values<float>(column, rows)),
        ColumnType.Double => target.WriteAsync<double>(field, Values<double>(column, rows)),
        _ => target.WriteAsync<bool>(field, Values<bool>(column, rows)),
    };

    private static ReadOnlyMemory<T?> Values<T>(RecordColumn column, PictureRow[] rows)
        where T : struct => Array.ConvertAll(rows, row => (T?)column.Get(row));

    private static DataField Field(RecordColumn column) => column.Type switch
    {
        ColumnType.Text => new DataField<string>(column.Name, nullable: true),
        ColumnType.Integer => new DataField<long?>(column.Name),
        ColumnType.Single => new DataField<float?>(column.Name),
        ColumnType.Double => new DataField<double?>(column.Name),
        _ => new DataField<bool?>(column.Name),
    };
}
