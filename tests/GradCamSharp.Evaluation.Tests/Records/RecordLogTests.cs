using GradCamSharp.Evaluation.Records;
using Parquet;

namespace GradCamSharp.Evaluation.Tests.Records;

public sealed class RecordLogTests : IDisposable
{
    private static readonly RunManifest Manifest = Manifests.Faithfulness("gradcam++", "gradcam");
    private static readonly RecordSchema Schema = RecordSchema.Of(Manifest);
    private readonly string folder = Directory.CreateTempSubdirectory().FullName;

    private string File => Path.Combine(folder, RecordTable.RecordsFile);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    /// <summary>
    /// Wherever the file is cut, what is taken up again is a whole number of pictures, and going on gives the same bytes.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Open_CutAnywhere_GoesOnToTheSameBytes(int batch)
    {
        Write(0, batch);
        byte[] whole = System.IO.File.ReadAllBytes(File);
        for (int length = 0; length <= whole.Length; length++)
        {
            System.IO.File.WriteAllBytes(File, whole[..length]);
            int first = Write(null, batch);
            Assert.InRange(first, 0, 3);
            Assert.Equal(0, first % batch);
            Assert.Equal(whole, System.IO.File.ReadAllBytes(File));
        }
    }

    [Fact]
    public void Open_NothingAppended_LosesNothing()
    {
        Write(0, 1);
        byte[] whole = System.IO.File.ReadAllBytes(File);
        for (int i = 0; i < 3; i++)
        {
            using (var log = RecordLog.Open(File, Schema, [0, 1, 2, 3], 1, isComplete: false))
                Assert.Equal(3, log.Pictures);
            Assert.Equal(whole, System.IO.File.ReadAllBytes(File));
        }
    }

    [Fact]
    public void Open_CompleteRun_TakesNothingBack()
    {
        Write(0, 1);
        using var log = RecordLog.Open(File, Schema, [0, 1, 2, 3], 1, isComplete: true);
        Assert.Equal(4, log.Pictures);
    }

    [Fact]
    public void Open_RecordsOfOtherPictures_AreRefused()
    {
        Write(0, 1);
        var error = Assert.Throws<InvalidDataException>(() =>
            RecordLog.Open(File, Schema, [0, 2, 4], 1, isComplete: false));
        Assert.Contains("--output", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_OtherColumns_AreRefused()
    {
        Write(0, 1);
        var other = RecordSchema.Of(Manifest with { Metrics = ["insertion"] });
        Assert.Throws<InvalidDataException>(() => RecordLog.Open(File, other, [0, 1, 2, 3], 1, isComplete: false));
    }

    [Fact]
    public void Rows_OfAWrittenRun_AreTheSameToTheLastBit()
    {
        Write(0, 1);
        Manifest.Write(folder);
        var rows = RecordTable.Open(folder).Rows().ToList();
        Assert.Equal(7, rows.Count);
        Assert.Equal("a,\"b\"\nc", rows[0].Picture);
        Assert.Equal(0.1f, rows[0].Probability);
        Assert.Equal(MathF.BitIncrement(0.3f), rows[0].Masked);
        Assert.Null(rows[0].Object);
        Assert.True(rows[1].IsEmpty);
        Assert.Equal("damaged", rows[4].Error);
        Assert.Null(rows[4].Class);
    }

    [Fact]
    public async Task WriteParquet_ARun_HoldsTheSameValuesTyped()
    {
        Write(0, 1);
        Manifest.Write(folder);
        var table = RecordTable.Open(folder);
        table.WriteParquet();
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var reader =
            await ParquetReader.CreateAsync(Path.Combine(folder, RecordTable.ParquetFile), cancellationToken: cancellationToken);
        Assert.Equal(Schema.Columns.Select(c => c.Name), reader.Schema.DataFields.Select(f => f.Name));
        using var group = reader.OpenRowGroupReader(0);
        Assert.Equal(7, group.RowCount);
        float?[] masked = new float?[7];
        await group.ReadAsync<float>(reader.Schema.FindDataField("masked"), masked.AsMemory(), cancellationToken: cancellationToken);
        Assert.Equal(table.Rows().Select(r => r.Masked), masked);
        string?[] pictures = new string?[7];
        await group.ReadAsync(reader.Schema.FindDataField("picture"), pictures.AsMemory(), cancellationToken: cancellationToken);
        Assert.Equal("a,\"b\"\nc", pictures[0]);
    }

    // Four pictures of which the third is bad; the number that were there before.
    private int Write(int? expected, int batch)
    {
        using var log = RecordLog.Open(File, Schema, [0, 1, 2, 3], batch, isComplete: false);
        int first = log.Pictures;
        Assert.Equal(expected ?? first, first);
        for (int i = first; i < 4; i++)
            log.Append(i == 2 ? [new MeasurementRecord { Index = 2, Picture = "bad", Error = "damaged" }]
                : [Row(i, "gradcam++"), Row(i, "gradcam")]);
        return first;
    }

    private static MeasurementRecord Row(int index, string method) => new()
    {
        Index = index,
        Picture = index == 0 ? "a,\"b\"\nc" : $"{index}.jpg",
        Class = 3,
        Label = "dog",
        Method = method,
        Probability = 0.1f,
        Masked = MathF.BitIncrement(0.3f),
        Score = 12,
        IsEmpty = method == "gradcam",
    };
}
